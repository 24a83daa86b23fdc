"""Expectations for merging and reshaping layers."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expectations.expected import Expected
from tests.layers.random_layers import random_settings, random_signal


def random_reshape(random: Random) -> tuple[LayerKind, Signals]:
    """Return a Reshape that is often valid."""
    kind = KINDS["reshape"]
    settings, signal = random_settings(random, kind), random_signal(random)
    shape = list(signal.shape)
    if random.random() < 0.5 and shape:
        random.shuffle(shape)
        if random.random() < 0.5:
            shape[random.randrange(len(shape))] = -1
        settings["shape"] = tuple(shape)
    return kind.parse(settings, {}), {"input": (signal,)}


def random_permute(random: Random) -> tuple[LayerKind, Signals]:
    """Return a Permute that is often valid."""
    kind = KINDS["permute"]
    settings, signal = random_settings(random, kind), random_signal(random, axes=2)
    if random.random() < 0.5:
        count = len(signal.shape)
        axes = random.sample(range(count), count)
        settings["axes"] = tuple(random.choice((axis, axis - count)) for axis in axes)
    return kind.parse(settings, {}), {"input": (signal,)}


EXPECTED: Mapping[str, Expected] = {
    "flatten": Expected(
        refuses={
            "axis-missing": "an axis before the sample's first is the batch; torch silently "
            "flattens it where the next size is 1",
            "wrong-rank": "single numbers have no axis but the batch",
        },
    ),
    "reshape": Expected(generate=random_reshape),
    "permute": Expected(default_inputs=Signal((4, 5)), generate=random_permute),
    "identity": Expected(accepts_anything=True),
    "add": Expected(),
    "stack": Expected(),
    "multiply": Expected(),
    "concatenate": Expected(
        refuses={
            "axis-missing": "an axis before the sample's first is the batch; with a single wire "
            "torch does not notice",
        },
    ),
}
