"""Opens the studio on a new machine; creates the environment first if there is none.

    python3 packaging/studio.py [--cpu | --cuda] [FILE]

Without a display it trains the example and saves an image of the window instead.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from bootstrap import ROOT, SetupError, ensure, ensure_system_libraries

EXAMPLE = "digits-mlp"
INTERRUPTED = 130
SCREENSHOT = ROOT / f"{EXAMPLE}.png"


def main() -> int:
    """Prepare the environment and open the window; return its exit status."""
    parser = argparse.ArgumentParser(description="Open dlstudio, installing it first if needed.")
    builds = parser.add_mutually_exclusive_group()
    builds.add_argument("--cpu", action="store_const", const="cpu", dest="build", default="")
    builds.add_argument("--cuda", action="store_const", const="cuda", dest="build")
    parser.add_argument("file", nargs="?", help=f"a design to open (default: {EXAMPLE})")
    arguments = parser.parse_args()
    try:
        python = str(ensure(build=arguments.build))
        ensure_system_libraries()
    except SetupError as error:
        print(f"dlstudio: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndlstudio: stopped; run the command again to continue", file=sys.stderr)
        return INTERRUPTED
    if not _has_display():
        return _without_display(python, arguments.file)
    command = [arguments.file] if arguments.file else ["--example", EXAMPLE]
    return subprocess.run([python, "-m", "dlstudio", *command], check=False).returncode


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _without_display(python: str, file: str | None) -> int:
    print("No display found. Training the example and saving an image of the window.")
    sys.stdout.flush()
    design = file or str(ROOT / "resources" / "examples" / f"{EXAMPLE}.dlstudio")
    command = ["screenshot", design, "-o", str(SCREENSHOT), "--size", "1440x900", "--train", "10"]
    return subprocess.run([python, "-m", "dlstudio", *command], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
