"""Expectations for positions, patches, class tokens and time steps."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expectations.expected import Expected
from tests.layers.random_layers import random_settings, random_signal

STEPS = Signal((5, 8), "float32", "sequence")
TIME_STEP = Signal((), "int64", "time step")


def random_time_step(random: Random) -> tuple[LayerKind, Signals]:
    """Return a time-step embedding with an input that is often valid."""
    kind = KINDS["time_step_embedding"]
    signal = TIME_STEP if random.random() < 0.4 else random_signal(random, 0, "int64")
    return kind.parse(random_settings(random, kind), {}), {"input": (signal,)}


EXPECTED: Mapping[str, Expected] = {
    "sinusoidal_positions": Expected(default_inputs=STEPS, axes=2),
    "learned_positions": Expected(default_inputs=STEPS, axes=2),
    "rotary_positions": Expected(default_inputs=STEPS, axes=2),
    "class_token": Expected(default_inputs=STEPS, axes=2),
    "patch_embedding": Expected(),
    "time_step_embedding": Expected(default_inputs=TIME_STEP, generate=random_time_step),
}
