"""Time to open the famous networks, and to check edits of the deepest one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

from dlstudio.design.arrange.arrange import arrange
from dlstudio.design.edits import set_settings
from dlstudio.design.library.examples import HISTORY, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import TOP, Project
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.benchmarks.rows import ResultRow

ROUNDS = 5
OPEN_BUDGET = 1.5
EDIT_BUDGET = 0.100
DEEPEST = "resnet-152"


def history() -> list[ResultRow]:
    """Measure loading, arranging and checking every network, and edits of the deepest."""
    check_project(_open(DEEPEST), Checker())
    seconds = {
        name: median(_seconds(lambda n=name: _open_and_check(n)) for _ in range(ROUNDS))
        for name in HISTORY
    }
    slowest = max(seconds, key=seconds.__getitem__)
    rows = [
        _row(f"open, lay out and check {name}", OPEN_BUDGET, seconds[name])
        for name in dict.fromkeys((DEEPEST, slowest))
    ]
    edits = {
        "filters of the first convolution": _first_filters,
        "width of a repeated block": _block_width,
    }
    return rows + [
        _row(f"edit in {DEEPEST}: {name}", EDIT_BUDGET, _edit_seconds(change))
        for name, change in edits.items()
    ]


def _open(name: str) -> Project:
    return load(example_path(name))


def _open_and_check(name: str) -> None:
    project = _open(name)
    for scope in (TOP, *project.blocks):
        arrange(project.graph_at(scope))
    check_project(project, Checker())


def _first_filters(project: Project, i: int) -> Project:
    return set_settings(project, ("conv2d_1",), {"out_channels": 64 + 8 * i})


def _block_width(project: Project, i: int) -> Project:
    """Change the width of the third stage (36 blocks), and so the input of the fourth."""
    values = {"filters": 256 + 8 * i}
    project = set_settings(project, ("bottleneck_3",), {"values": values})
    return set_settings(project, ("bottleneck_down_3",), {"values": {**values, "stride": 2}})


def _edit_seconds(change: Callable[[Project, int], Project]) -> float:
    project, checker = _open(DEEPEST), Checker()
    check_project(project, checker)
    changed = [change(project, number) for number in range(1, ROUNDS + 1)]
    return median(_seconds(lambda p=edited: check_project(p, checker)) for edited in changed)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _row(name: str, budget: float, seconds: float) -> ResultRow:
    return ResultRow(
        name, f"<= {budget * 1000:.0f} ms", f"{seconds * 1000:.1f} ms", seconds <= budget
    )


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"history": history}
