"""Entry point of the child process: `python -m dlstudio.worker [--idle SECONDS]`."""

from __future__ import annotations

import argparse

from dlstudio.worker.server import IDLE_SECONDS, serve


def main() -> None:
    """Answer requests until stdin is closed or the idle time is over."""
    parser = argparse.ArgumentParser(prog="python -m dlstudio.worker")
    parser.add_argument("--idle", type=float, default=IDLE_SECONDS, metavar="SECONDS")
    serve(parser.parse_args().idle)


if __name__ == "__main__":
    main()
