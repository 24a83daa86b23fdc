"""Speed of a compiled design against the same network written by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

import torch
from rows import Row
from torch import Tensor, nn

from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.design.signals import DataFacts, Signal
from dlstudio.network.compile import compile_design

LEAST_RATIO = 0.98
BATCH = 256
ROUNDS = 41
FACTS = DataFacts(
    inputs={"samples": Signal((1, 28, 28), "float32", "picture")},
    target=Signal((), "int64", "class"),
    numbers={"classes": 10, "features": 784},
)


def deepnet() -> nn.Module:
    """Return the network of the example `mnist-deepnet`."""
    return nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(784, 256), nn.ReLU(), nn.BatchNorm1d(256)),
        *(nn.Linear(256, 128), nn.ReLU(), nn.BatchNorm1d(128)),
        *(nn.Linear(128, 64), nn.ReLU()),
        nn.Linear(64, 10),
    )


def simple() -> nn.Module:
    """Return the network of the example `mnist-simple`."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


HAND_WRITTEN: Mapping[str, Callable[[], nn.Module]] = {
    "mnist-deepnet": deepnet,
    "mnist-simple": simple,
}


def compiled() -> list[Row]:
    """Measure forward and backward of both in turn, and compare medians."""
    return [_row(name, write()) for name, write in HAND_WRITTEN.items()]


def _row(name: str, hand: nn.Module) -> Row:
    module = compile_design(load(example_path(name)), FACTS).single.module
    ours, theirs = (sum(p.numel() for p in each.parameters()) for each in (module, hand))
    if ours != theirs:
        raise RuntimeError(f"{name} has {ours} parameters, its hand-written twin {theirs}")
    x, y = torch.rand(BATCH, 1, 28, 28), torch.randint(0, 10, (BATCH,))
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(ROUNDS):
        times["theirs"].append(_step(hand, x, y))
        times["ours"].append(_step(module, x, y))
    ratio = median(times["theirs"]) / median(times["ours"])
    figure = f"{ratio:.3f} ({median(times['ours']) * 1000:.2f} ms a step)"
    what = f"{name} compiled, speed against hand-written"
    return Row(what, f">= {LEAST_RATIO}", figure, ratio >= LEAST_RATIO)


def _step(module: nn.Module, x: Tensor, y: Tensor) -> float:
    module.zero_grad()
    start = time.perf_counter()
    nn.functional.cross_entropy(module(x), y).backward()
    return time.perf_counter() - start


BENCHMARKS: Mapping[str, Callable[[], list[Row]]] = {"compile": compiled}
