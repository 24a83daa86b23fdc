"""Expectations for attention and transformer layers."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expectations.expected import Expected, LayerGenerator
from tests.layers.random_layers import MEANINGS, random_settings, random_signal

STEPS = Signal((5, 8), "float32", "sequence")
SOURCES = Signal((7, 8), "float32", "sequence")
SIZES = (1, 2, 3, 4, 6)
_DROPOUT = "drops different attention weights for each sample while training"


def random_sequence(random: Random, steps: int, features: int) -> Signal:
    """Return a sequence of these sizes, or occasionally any signal."""
    if random.random() < 0.06:
        return random_signal(random, axes=2)
    return Signal((steps, features), "float32", random.choice(MEANINGS))


def random_mask(random: Random, steps: int, sources: int) -> Signal:
    """Return a mask for these steps and sources, or occasionally any signal."""
    if random.random() < 0.1:
        return random_signal(random, axes=2, dtype="bool")
    shapes = ((steps, sources), (sources,), (1, steps, sources), (sources, 1))
    (shape,) = random.choices(shapes, (5, 5, 1, 1))
    return Signal(shape, "bool")


def attention_generator(name: str) -> LayerGenerator:
    """Return a generator of attention layers whose inputs mostly match."""

    def generate(random: Random) -> tuple[LayerKind, Signals]:
        kind = KINDS[name].parse(random_settings(random, KINDS[name]), {})
        steps, sources, features = (random.choice(SIZES) for _ in range(3))
        signals = {"query": (random_sequence(random, steps, features),)}
        if random.random() < 0.6:
            width = features if random.random() < 0.6 else random.choice(SIZES)
            signals["key"] = (random_sequence(random, sources, width),)
        sources = sources if "key" in signals else steps
        if random.random() < 0.5:
            signals["value"] = (random_sequence(random, sources, random.choice(SIZES)),)
        if random.random() < 0.5:
            signals["mask"] = (random_mask(random, steps, sources),)
        return kind, signals

    return generate


def transformer_generator(name: str, first: str) -> LayerGenerator:
    """Return a generator of transformer layers; `first` is the port of the steps."""

    def generate(random: Random) -> tuple[LayerKind, Signals]:
        kind = KINDS[name].parse(random_settings(random, KINDS[name]), {})
        steps, sources, features = (random.choice(SIZES) for _ in range(3))
        signals = {first: (random_sequence(random, steps, features),)}
        mask_port = "mask" if first == "input" else "target_mask"
        if first == "target":
            width = features if random.random() < 0.85 else random.choice(SIZES)
            signals["memory"] = (random_sequence(random, sources, width),)
            if random.random() < 0.4:
                signals["memory_mask"] = (random_mask(random, steps, sources),)
        if random.random() < 0.5:
            signals[mask_port] = (random_mask(random, steps, steps),)
        return kind, signals

    return generate


EXPECTED: Mapping[str, Expected] = {
    "multihead_attention": Expected(
        default_inputs={"query": STEPS, "key": SOURCES, "value": SOURCES},
        generate=attention_generator("multihead_attention"),
        batch_dependence=_DROPOUT,
        differs={
            "kdim": "None means the width of the query; ours is always inferred from the wire",
            "vdim": "None means the width of the query; ours is always inferred from the wire",
        },
    ),
    "attention": Expected(
        default_inputs={"query": STEPS, "key": SOURCES, "value": SOURCES},
        generate=attention_generator("attention"),
    ),
    "transformer_encoder_layer": Expected(
        default_inputs={"input": STEPS},
        generate=transformer_generator("transformer_encoder_layer", "input"),
        batch_dependence=_DROPOUT,
    ),
    "transformer_decoder_layer": Expected(
        default_inputs={"target": STEPS, "memory": SOURCES},
        generate=transformer_generator("transformer_decoder_layer", "target"),
        batch_dependence=_DROPOUT,
    ),
}
