"""Measures the performance budgets of the design and prints the results.

    python tests/benchmarks/run.py [NAME…]      the named benchmarks, or all but the long ones
    python tests/benchmarks/run.py examples [EXAMPLE…]
    python tests/benchmarks/run.py run-model [FIRST]
    python tests/benchmarks/run.py --list
    python tests/benchmarks/run.py --write […]  also writes RESULTS.md beside this file

`accuracy`, `examples`, `robustness` and `run-model` take long. `examples` caches trained networks
in `.benchmarks` and stops after ten minutes; the next call resumes. `run-model` stops as well, and
goes on from the number of a sequence.

Values are medians; speeds are ratios to a plain PyTorch loop, measured in the same run.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false")

from tests.benchmarks.results_file import write_results  # noqa: E402
from tests.benchmarks.rows import ResultRow  # noqa: E402

LONG = ("accuracy", "examples", "robustness", "run-model")
Benchmark = Callable[..., Iterable[ResultRow]]
VERDICTS = {True: "kept", False: "MISSED", None: ""}


def main() -> int:
    """Run the requested benchmarks; return 1 if one missed its budget."""
    parser = argparse.ArgumentParser(description="Measure dlstudio against its budgets.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--list", action="store_true", help="print the names and stop")
    parser.add_argument("--write", action="store_true", help="write the results to RESULTS.md")
    arguments = parser.parse_args()
    benchmarks = find_benchmarks()
    if arguments.list:
        print("\n".join(benchmarks))
        return 0
    names = arguments.names or [name for name in benchmarks if name not in LONG]
    try:
        selected = _parse_names(names, benchmarks)
    except ValueError as error:
        parser.error(str(error))
    print(machine_text(), flush=True)
    within_budget = True
    for name, examples in selected.items():
        rows = _run(name, benchmarks[name], examples)
        within_budget = within_budget and all(row.ok is not False for row in rows)
        if arguments.write and not examples:
            write_results({name: rows}, machine_text())
    return 0 if within_budget else 1


def find_benchmarks() -> dict[str, Benchmark]:
    """Return all benchmarks of the `bench_*.py` files beside and below this one, by name."""
    benchmarks: dict[str, Benchmark] = {}
    for path in sorted(HERE.rglob("bench_*.py"), key=lambda path: path.name):
        parts = path.relative_to(HERE).with_suffix("").parts
        benchmarks.update(
            importlib.import_module(".".join(("tests.benchmarks", *parts))).BENCHMARKS
        )
    return benchmarks


def _parse_names(names: Sequence[str], benchmarks: Mapping[str, Benchmark]) -> dict[str, list[str]]:
    """Return the selected benchmarks, each with the examples named after it."""
    from tests.benchmarks.bench_examples import EXAMPLE_SPECS

    selected: dict[str, list[str]] = {}
    for name in names:
        if name in benchmarks:
            selected[name] = []
        elif name in EXAMPLE_SPECS and "examples" in selected:
            selected["examples"].append(name)
        elif name.isdecimal() and "run-model" in selected:
            selected["run-model"].append(name)
        else:
            known = ", ".join((*benchmarks, *(EXAMPLE_SPECS if "examples" in selected else ())))
            raise ValueError(f"no benchmark {name!r}; known benchmarks: {known}")
    return selected


def machine_text() -> str:
    """Return one line that describes this computer."""
    from importlib.metadata import version

    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, torch {version('torch')}, "
        f"Qt {version('PySide6-Essentials')}"
    )


def _run(name: str, benchmark: Benchmark, examples: Sequence[str]) -> list[ResultRow]:
    """Run one benchmark, print its rows as they come, and return them."""
    start = time.perf_counter()
    print(f"\n{name}", flush=True)
    rows = []
    for row in benchmark(examples) if examples else benchmark():
        print(
            f"  {row.name:<58} {row.budget:<22} {row.measured:<34} {VERDICTS[row.ok]}", flush=True
        )
        rows.append(row)
    print(f"  {time.perf_counter() - start:.0f} s", flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
