"""Expectations for recurrent layers."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.registry import KINDS
from dlstudio.layers.sequence.recurrent import Recurrent
from tests.layers.expectations.expected import Expected, LayerGenerator
from tests.layers.random_layers import random_settings, random_signal

STEPS = Signal((7, 6), "float32", "sequence")
_ZEROS = "draws different dropout zeros for each sample while training"
_OMITTED = {"proj_size": "a Linear along the sequence does the same visibly"}


def recurrent_generator(name: str) -> LayerGenerator:
    """Return a generator of recurrent layers whose states often match."""

    def generate(random: Random) -> tuple[LayerKind, Signals]:
        kind = KINDS[name].parse(random_settings(random, KINDS[name]), {})
        assert isinstance(kind, Recurrent)
        signals = {"input": (random_signal(random, axes=2),)}
        state = Signal((kind.num_layers * kind.directions, kind.hidden_size))
        for port in kind.inputs[1:]:
            chance = random.random()
            if chance < 0.6:
                signals[port.name] = (state if chance < 0.4 else random_signal(random, axes=2),)
        return kind, signals

    return generate


def random_last_step(random: Random) -> tuple[LayerKind, Signals]:
    """Return a last-step layer whose lengths are often valid."""
    signals = {"input": (random_signal(random, axes=2),)}
    chance = random.random()
    if chance < 0.7:
        length = Signal((), random.choice(("int64", "int32")), "length")
        signals["lengths"] = (length if chance < 0.4 else random_signal(random, 0, "int64"),)
    return KINDS["last_step"](), signals


EXPECTED: Mapping[str, Expected] = {
    **{
        name: Expected(
            default_inputs={"input": STEPS},
            generate=recurrent_generator(name),
            batch_dependence=_ZEROS,
            omits=_OMITTED,
        )
        for name in ("rnn", "lstm", "gru")
    },
    "last_step": Expected(default_inputs={"input": STEPS}, generate=random_last_step),
}
