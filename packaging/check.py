"""Runs every check of the project: lint, format, types, import contracts, tests.

    python3 packaging/check.py [PYTEST ARGUMENTS…]

Creates or updates the environment first. Every step runs, even if an earlier one failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from bootstrap import ROOT, SetupError, ensure, ensure_system_libraries


def main() -> int:
    """Run all steps; return 0 if every one passed."""
    try:
        python = str(ensure(["test"]))
        ensure_system_libraries()
    except SetupError as error:
        print(f"check: {error}", file=sys.stderr)
        return 1
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "1",
        "PYTHONFAULTHANDLER": "1",
    }
    # Without bytecode, every process that a test starts would compile all modules again.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    steps = {
        "lint": ["-m", "ruff", "check", "."],
        "format": ["-m", "ruff", "format", "--check", "."],
        "types": ["-m", "mypy"],
        "imports": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
        "tests": ["-m", "pytest", "-q", "-n", str(os.cpu_count() or 1), *sys.argv[1:]],
    }
    failed = []
    for name, arguments in steps.items():
        print(f"== {name}", flush=True)
        start = time.monotonic()
        result = subprocess.run([python, *arguments], cwd=ROOT, env=environment, check=False)
        if name != "tests":
            print(f"   {time.monotonic() - start:.0f} s", flush=True)
        if result.returncode:
            failed.append(name)
    if failed:
        print(f"check: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
