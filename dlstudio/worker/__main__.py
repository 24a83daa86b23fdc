"""Entry point of the child process: `python -m dlstudio.worker [OPTIONS]`."""

from __future__ import annotations

import argparse

from dlstudio.worker.server import IDLE_SECONDS, serve


def main() -> None:
    """Answer requests until stdin is closed or the idle time is over."""
    parser = argparse.ArgumentParser(prog="python -m dlstudio.worker")
    parser.add_argument("--idle", type=float, default=IDLE_SECONDS, metavar="SECONDS")
    parser.add_argument("--prepare", default="", metavar="TARGET")
    parser.add_argument("--low-priority", action="store_true")
    options = parser.parse_args()
    serve(options.idle, options.prepare, low_priority=options.low_priority)


if __name__ == "__main__":
    main()
