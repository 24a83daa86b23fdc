"""What holds for positions, patches, class tokens and time steps."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.signals import Signal
from dlstudio.layers.kind import Kind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expected import Expected
from tests.layers.layer_draws import draw_settings, draw_signal

STEPS = Signal((5, 8), "float32", "sequence")
MOMENT = Signal((), "int64", "time step")


def draw_time_step(random: Random) -> tuple[Kind, Signals]:
    """Return a time-step embedding that fits every other time."""
    kind = KINDS["time_step_embedding"]
    signal = MOMENT if random.random() < 0.4 else draw_signal(random, 0, "int64")
    return kind.parse(draw_settings(random, kind), {}), {"input": (signal,)}


EXPECTED: Mapping[str, Expected] = {
    "sinusoidal_positions": Expected(natural=STEPS, axes=2),
    "learned_positions": Expected(natural=STEPS, axes=2),
    "rotary_positions": Expected(natural=STEPS, axes=2),
    "class_token": Expected(natural=STEPS, axes=2),
    "patch_embedding": Expected(),
    "time_step_embedding": Expected(natural=MOMENT, draw=draw_time_step),
}
