"""Expectations for layers that work along an axis."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expectations.expected import Expected, LayerGenerator
from tests.layers.random_layers import random_settings, random_signal


def ones_generator(name: str) -> LayerGenerator:
    """Return a generator of inputs with many sizes of 1."""

    def generate(random: Random) -> tuple[LayerKind, Signals]:
        template = random_signal(random)
        sizes = tuple(1 if random.random() < 0.4 else size for size in template.shape)
        signal = Signal(sizes, template.dtype, template.meaning)
        return KINDS[name].parse(random_settings(random, KINDS[name]), {}), {"input": (signal,)}

    return generate


EXPECTED: Mapping[str, Expected] = {
    "mean": Expected(),
    "max": Expected(),
    "sum": Expected(),
    "split": Expected(),
    "slice": Expected(),
    "select": Expected(),
    "flip": Expected(),
    "squeeze": Expected(generate=ones_generator("squeeze")),
    "unsqueeze": Expected(),
    "repeat": Expected(),
}
