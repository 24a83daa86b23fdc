"""What holds for attention and for transformers."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.signals import Signal
from dlstudio.layers.kind import Kind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expected import Draw, Expected
from tests.layers.layer_draws import MEANINGS, draw_settings, draw_signal

STEPS = Signal((5, 8), "float32", "sequence")
SOURCES = Signal((7, 8), "float32", "sequence")
SIZES = (1, 2, 3, 4, 6)
_SILENCED = "silences other attention weights for each sample while training"


def sequence(random: Random, steps: int, features: int) -> Signal:
    """Return a sequence of these sizes, or now and then anything."""
    if random.random() < 0.06:
        return draw_signal(random, axes=2)
    return Signal((steps, features), "float32", random.choice(MEANINGS))


def mask(random: Random, steps: int, sources: int) -> Signal:
    """Return a mask for so many steps and sources, or now and then anything."""
    if random.random() < 0.1:
        return draw_signal(random, axes=2, dtype="bool")
    shapes = ((steps, sources), (sources,), (1, steps, sources), (sources, 1))
    (shape,) = random.choices(shapes, (5, 5, 1, 1))
    return Signal(shape, "bool")


def draw_query_key_value(name: str) -> Draw:
    """Return what draws attention whose ports mostly fit each other."""

    def generate(random: Random) -> tuple[Kind, Signals]:
        kind = KINDS[name].parse(draw_settings(random, KINDS[name]), {})
        steps, sources, features = (random.choice(SIZES) for _ in range(3))
        signals = {"query": (sequence(random, steps, features),)}
        if random.random() < 0.6:
            width = features if random.random() < 0.6 else random.choice(SIZES)
            signals["key"] = (sequence(random, sources, width),)
        sources = sources if "key" in signals else steps
        if random.random() < 0.5:
            signals["value"] = (sequence(random, sources, random.choice(SIZES)),)
        if random.random() < 0.5:
            signals["mask"] = (mask(random, steps, sources),)
        return kind, signals

    return generate


def draw_transformer(name: str, first: str) -> Draw:
    """Return what draws a transformer's layer; `first` is its port for steps."""

    def generate(random: Random) -> tuple[Kind, Signals]:
        kind = KINDS[name].parse(draw_settings(random, KINDS[name]), {})
        steps, sources, features = (random.choice(SIZES) for _ in range(3))
        signals = {first: (sequence(random, steps, features),)}
        of_target = "mask" if first == "input" else "target_mask"
        if first == "target":
            width = features if random.random() < 0.85 else random.choice(SIZES)
            signals["memory"] = (sequence(random, sources, width),)
            if random.random() < 0.4:
                signals["memory_mask"] = (mask(random, steps, sources),)
        if random.random() < 0.5:
            signals[of_target] = (mask(random, steps, steps),)
        return kind, signals

    return generate


EXPECTED: Mapping[str, Expected] = {
    "multihead_attention": Expected(
        natural={"query": STEPS, "key": SOURCES, "value": SOURCES},
        draw=draw_query_key_value("multihead_attention"),
        meets=_SILENCED,
        differs={
            "kdim": "None stands for the width of the query; ours always follows from the wire",
            "vdim": "None stands for the width of the query; ours always follows from the wire",
        },
    ),
    "attention": Expected(
        natural={"query": STEPS, "key": SOURCES, "value": SOURCES},
        draw=draw_query_key_value("attention"),
    ),
    "transformer_encoder_layer": Expected(
        natural={"input": STEPS},
        draw=draw_transformer("transformer_encoder_layer", "input"),
        meets=_SILENCED,
    ),
    "transformer_decoder_layer": Expected(
        natural={"target": STEPS, "memory": SOURCES},
        draw=draw_transformer("transformer_decoder_layer", "target"),
        meets=_SILENCED,
    ),
}
