"""Speed of compiled designs relative to equal hand-written modules."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

import torch
from torch import nn

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.network.compile.compile import compile_design
from tests.benchmarks.programs.pytorch_loop import NETWORKS
from tests.benchmarks.rows import ResultRow

MIN_SPEED = 0.98
ROUNDS = 200


def compare_modules() -> list[ResultRow]:
    """Time forward and backward passes of both modules in alternation."""
    return [_compare(name, batch) for name, (_, batch) in NETWORKS.items()]


def _compare(name: str, batch: int) -> ResultRow:
    project = load(example_path(name))
    ours = compile_design(project, info_of(project.data), seed=0).single.module
    reference = NETWORKS[name][0]()
    images, labels = torch.randn(batch, 1, 28, 28), torch.randint(10, (batch,))
    seconds: dict[str, list[float]] = {"ours": [], "reference": []}
    for turn in range(ROUNDS):
        order = [("ours", ours), ("reference", reference)]
        for key, module in order if turn % 2 else reversed(order):
            seconds[key].append(_step(module, images, labels))
    speed = median(seconds["reference"]) / median(seconds["ours"])
    return ResultRow(
        f"{name}: compiled design, forward and backward",
        f">= {MIN_SPEED:g} of hand-written",
        f"{speed:.3f} ({median(seconds['ours']) * 1e3:.2f} ms)",
        speed >= MIN_SPEED,
    )


def _step(module: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    start = time.perf_counter()
    nn.functional.cross_entropy(module(images), labels).backward()
    seconds = time.perf_counter() - start
    module.zero_grad(set_to_none=True)
    return seconds


BENCHMARKS: Mapping[str, Callable[[], list[ResultRow]]] = {"compile": compare_modules}
