"""Time from an edit to new shapes and problems, checked as the window checks them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from dlstudio.design.arrange.arrange import arrange
from dlstudio.design.blocks import group
from dlstudio.design.edits import insert_before, set_settings
from dlstudio.design.library.files import load, save
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from tests.benchmarks.rows import ResultRow

ROUNDS = 9
EDIT_BUDGETS = {100: 0.020, 1000: 0.100}
ALL_DISTINCT_BUDGET = 0.300
FIRST_CHECK_BUDGET = 1.5


def chain_design(layers: int) -> Project:
    """Return a chain of convolutions, each with a different number of filters."""
    nodes = {"input_1": Node("input_1", "input")}
    previous, edges = "input_1", {}
    for number in range(1, layers + 1):
        settings = {"out_channels": 16 + number, "kernel_size": (3, 3), "padding": (1, 1)}
        node = Node(f"conv2d_{number}", "conv2d", settings)
        wire = Edge(previous, node.id)
        nodes[node.id], edges[wire.key], previous = node, wire, node.id
    for name, kind in (("flatten_1", "flatten"), ("linear_1", "linear"), ("output_1", "output")):
        wire = Edge(previous, name)
        nodes[name], edges[wire.key], previous = Node(name, kind), wire, name
    return Project(graph=Graph(nodes, edges))


def image_dataset_info(side: int) -> DatasetInfo:
    """Return the dataset info of square grey images in ten classes."""
    return DatasetInfo(
        inputs={"samples": Signal((1, side, side), "float32", "picture")},
        target=Signal((), "int64", "class"),
        numbers={"classes": 10, "features": side * side},
        samples={"train": 1000, "validation": 100, "test": 100},
    )


Edit = Callable[[Project, str, int], Project]


def _change_filters(project: Project, node: str, i: int) -> Project:
    return set_settings(project, (node,), {"out_channels": 2000 + i})


def _change_padding(project: Project, node: str, i: int) -> Project:
    return set_settings(project, (node,), {"padding": (2 + i, 2)})


def _insert_layer(project: Project, node: str, i: int) -> Project:
    return insert_before(project, node, "input", "dropout", {"p": i / 100})[0]


EDITS: Mapping[str, Edit] = {
    "filters": _change_filters,
    "padding, which changes every later shape": _change_padding,
    "inserting a layer": _insert_layer,
}


def edit_rows() -> list[ResultRow]:
    """Measure edits of the middle layer."""
    return [
        _row(f"edit in {layers} layers: {name}", budget, _edit_seconds(layers, change))
        for layers, budget in EDIT_BUDGETS.items()
        for name, change in EDITS.items()
    ]


def _edit_seconds(layers: int, change: Edit) -> float:
    checker, project, info = Checker(), chain_design(layers), image_dataset_info(28)
    check_project(project, checker, info)
    seconds = []
    for i in range(ROUNDS):
        changed = change(project, f"conv2d_{layers // 2}", i)
        seconds.append(_time(lambda p=changed: check_project(p, checker, info)))
    return median(seconds)


def repeat_rows() -> list[ResultRow]:
    """Measure an edit inside a block of six layers that is used once, or repeated 100 times."""
    return [
        _repeat_row(repeats, share) for repeats, share in ((1, False), (100, False), (100, True))
    ]


def _repeat_row(repeats: int, share: bool) -> ResultRow:
    project, placement = group(chain_design(8), [f"conv2d_{number}" for number in range(2, 8)])
    last_settings = {"out_channels": 17}
    project = set_settings(project, ("conv2d_7",), last_settings, scope="block")
    project = set_settings(project, (placement,), {"repeat": repeats, "share": share})
    checker, seconds = Checker(), []
    check_project(project, checker, image_dataset_info(28))
    for i in range(ROUNDS):
        changed = set_settings(project, ("conv2d_4",), {"out_channels": 100 + i}, scope="block")
        seconds.append(_time(lambda p=changed: check_project(p, checker, image_dataset_info(28))))
    weights_text = "shared" if share else "separate"
    name = f"edit inside a block of 6 layers, ×{repeats}, {weights_text} weights"
    return _row(name, EDIT_BUDGETS[1000 if repeats > 1 else 100], median(seconds))


def input_shape_rows() -> list[ResultRow]:
    """Measure a change of the input shape, after which every layer has a different shape."""
    checker, project = Checker(), chain_design(1000)
    check_project(project, checker, image_dataset_info(28))
    seconds = [
        _time(lambda side=side: check_project(project, checker, image_dataset_info(side)))
        for side in range(32, 32 + ROUNDS)
    ]
    name = "new input shape before 1000 distinct layers"
    return [_row(name, ALL_DISTINCT_BUDGET, median(seconds))]


def first_check_rows() -> list[ResultRow]:
    """Measure the time from a file of 1,000 layers to a laid-out, checked design."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "tower.dlstudio"
        save(chain_design(1000), file)
        seconds = [_time(lambda: _open(file)) for _ in range(3)]
    name = "open, lay out and check 1000 layers"
    return [_row(name, FIRST_CHECK_BUDGET, median(seconds))]


def _open(file: Path) -> None:
    project = load(file)
    arrange(project.graph)
    check_project(project, Checker(), image_dataset_info(28))


def _time(check: Callable[[], object]) -> float:
    start = time.perf_counter()
    check()
    return time.perf_counter() - start


def _row(name: str, budget: float, seconds: float) -> ResultRow:
    return ResultRow(
        name, f"<= {budget * 1000:.0f} ms", f"{seconds * 1000:.1f} ms", seconds <= budget
    )


def check() -> list[ResultRow]:
    """Run all measurements of the check."""
    return [*edit_rows(), *repeat_rows(), *input_shape_rows(), *first_check_rows()]


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"check": check}
