"""What holds for recurrent layers."""

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
_ZEROS = "draws other zeros for each sample between its layers while training"
_OMITTED = {"proj_size": "a Linear along the sequence does the same and can be seen"}


def recurrent_generator(name: str) -> LayerGenerator:
    """Return what draws a recurrent layer whose states fit every other time."""

    def generate(random: Random) -> tuple[LayerKind, Signals]:
        kind = KINDS[name].parse(random_settings(random, KINDS[name]), {})
        assert isinstance(kind, Recurrent)
        signals = {"input": (random_signal(random, axes=2),)}
        fitting = Signal((kind.num_layers * kind.directions, kind.hidden_size))
        for port in kind.inputs[1:]:
            chance = random.random()
            if chance < 0.6:
                signals[port.name] = (fitting if chance < 0.4 else random_signal(random, axes=2),)
        return kind, signals

    return generate


def random_last_step(random: Random) -> tuple[LayerKind, Signals]:
    """Return a last step whose lengths fit every other time."""
    signals = {"input": (random_signal(random, axes=2),)}
    chance = random.random()
    if chance < 0.7:
        fitting = Signal((), random.choice(("int64", "int32")), "length")
        signals["lengths"] = (fitting if chance < 0.4 else random_signal(random, 0, "int64"),)
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
