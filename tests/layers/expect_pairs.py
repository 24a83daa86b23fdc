"""What holds for layers in which two wires meet whose order matters."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.signals import Signal
from dlstudio.layers.kind import Kind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expected import Draw, Expected
from tests.layers.layer_draws import draw_settings, draw_signal, twin


def draw_twins(name: str) -> Draw:
    """Return a draw of two inputs that resemble each other."""

    def generate(random: Random) -> tuple[Kind, Signals]:
        kind = KINDS[name]
        first = draw_signal(random)
        second = first if random.random() < 0.4 else twin(random, first)
        if random.random() < 0.1:
            second = Signal(second.shape, random.choice(("int64", "uint8", "float32")))
        pair = (first, second)[:: random.choice((1, -1))]
        signals = {port.name: (signal,) for port, signal in zip(kind.inputs, pair, strict=True)}
        return kind.parse(draw_settings(random, kind), {}), signals

    return generate


def draw_matrices(random: Random) -> tuple[Kind, Signals]:
    """Return a MatMul whose inner sizes are often the same."""
    kind = KINDS["matmul"]
    left = draw_signal(random, axes=random.choice((2, 3)))
    right = twin(random, left)
    if len(left.shape) >= 2 and random.random() < 0.6:
        inner, free = left.shape[-1], random.choice((1, 3, 5))
        ends = random.choice(((inner, free), (free, inner)))
        right = Signal((*left.shape[:-2], *ends), left.dtype)
    return kind.parse(draw_settings(random, kind), {}), {"left": (left,), "right": (right,)}


EXPECTED: Mapping[str, Expected] = {
    "subtract": Expected(
        draw=draw_twins("subtract"),
        refuses={"wrong-dtype": "a byte below 0 wraps round to 255 without a word"},
    ),
    "matmul": Expected(
        natural=Signal((5, 5)),
        draw=draw_matrices,
        refuses={"wrong-dtype": "torch multiplies matrices of whole numbers on the CPU only"},
    ),
    "reparameterise": Expected(
        draw=draw_twins("reparameterise"),
        meets="draws from the bell curve of each sample while training",
        refuses={"wrong-dtype": "a log variance of whole numbers runs, but cannot learn"},
    ),
    "cosine_similarity": Expected(
        draw=draw_twins("cosine_similarity"),
        differs={"dim": "torch counts the batch and takes the axis behind it"},
    ),
}
