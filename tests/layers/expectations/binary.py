"""Expectations for layers with two ordered inputs."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expectations.expected import Expected, LayerGenerator
from tests.layers.random_layers import random_settings, random_signal, similar_signal


def similar_pair_generator(name: str) -> LayerGenerator:
    """Return a generator of layers with two similar inputs."""

    def generate(random: Random) -> tuple[LayerKind, Signals]:
        kind = KINDS[name]
        first = random_signal(random)
        second = first if random.random() < 0.4 else similar_signal(random, first)
        if random.random() < 0.1:
            second = Signal(second.shape, random.choice(("int64", "uint8", "float32")))
        pair = (first, second)[:: random.choice((1, -1))]
        signals = {port.name: (signal,) for port, signal in zip(kind.inputs, pair, strict=True)}
        return kind.parse(random_settings(random, kind), {}), signals

    return generate


def random_matrices(random: Random) -> tuple[LayerKind, Signals]:
    """Return a MatMul whose inner sizes often match."""
    kind = KINDS["matmul"]
    left = random_signal(random, axes=random.choice((2, 3)))
    right = similar_signal(random, left)
    if len(left.shape) >= 2 and random.random() < 0.6:
        inner, outer = left.shape[-1], random.choice((1, 3, 5))
        sizes = random.choice(((inner, outer), (outer, inner)))
        right = Signal((*left.shape[:-2], *sizes), left.dtype)
    return kind.parse(random_settings(random, kind), {}), {"left": (left,), "right": (right,)}


EXPECTED: Mapping[str, Expected] = {
    "subtract": Expected(
        generate=similar_pair_generator("subtract"),
        refuses={"wrong-dtype": "a byte below 0 silently wraps round to 255"},
    ),
    "matmul": Expected(
        default_inputs=Signal((5, 5)),
        generate=random_matrices,
        refuses={"wrong-dtype": "torch multiplies matrices of integers on the CPU only"},
    ),
    "reparameterise": Expected(
        generate=similar_pair_generator("reparameterise"),
        batch_dependence="draws from the normal distribution of each sample while training",
        refuses={"wrong-dtype": "a log variance of integers runs, but cannot learn"},
    ),
    "cosine_similarity": Expected(
        generate=similar_pair_generator("cosine_similarity"),
        differs={"dim": "torch counts the batch axis and defaults to the axis after it"},
    ),
}
