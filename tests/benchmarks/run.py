"""Prints every budget of the design as a figure measured now.

    python tests/benchmarks/run.py [NAME…]      all but `robustness` and `accuracy`, or those named
    python tests/benchmarks/run.py --list

Figures are medians; speeds are ratios to the usual way, measured in the same run.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false")

from rows import Row  # noqa: E402

LONG = ("accuracy", "robustness")
MARKS = {True: "kept", False: "MISSED", None: ""}


def main() -> int:
    """Run the benchmarks asked for and return 1 when one missed its budget."""
    parser = argparse.ArgumentParser(description="Measure dlstudio against its budgets.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    arguments = parser.parse_args()
    benchmarks = find_benchmarks()
    if arguments.list:
        print("\n".join(benchmarks))
        return 0
    unknown = [name for name in arguments.names if name not in benchmarks]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}; there are: {', '.join(benchmarks)}")
    names = arguments.names or [name for name in benchmarks if name not in LONG]
    print(machine(), flush=True)
    kept = [_run(name, benchmarks[name]) for name in names]
    return 0 if all(kept) else 1


def find_benchmarks() -> dict[str, Callable[[], list[Row]]]:
    """Return all benchmarks by name, from every `bench_*.py` beside this file."""
    found: dict[str, Callable[[], list[Row]]] = {}
    for path in sorted(HERE.glob("bench_*.py")):
        found.update(importlib.import_module(path.stem).BENCHMARKS)
    return found


def machine() -> str:
    """Return one line about this computer."""
    from importlib.metadata import version

    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, torch {version('torch')}, "
        f"Qt {version('PySide6-Essentials')}"
    )


def _run(name: str, benchmark: Callable[[], list[Row]]) -> bool:
    begun = time.perf_counter()
    rows = benchmark()
    print(f"\n{name} ({time.perf_counter() - begun:.0f} s)")
    for row in rows:
        print(f"  {row.what:<58} {row.budget:<22} {row.figure:<34} {MARKS[row.ok]}", flush=True)
    return all(row.ok is not False for row in rows)


if __name__ == "__main__":
    sys.exit(main())
