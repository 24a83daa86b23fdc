"""Expectations for resampling, padding and cropping layers."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.registry import KINDS
from tests.layers.expectations.expected import Expected
from tests.layers.random_layers import random_settings, random_signal

SERIES = Signal((3, 20))
VOLUME = Signal((3, 6, 6, 6))


_BATCH = "torch would use the batch as the missing axis"
_FACTOR = {"wrong-rank": f"{_BATCH}; a factor of 1 does not change it"}
_ZEROS = {"wrong-rank": f"{_BATCH}; a padding of 0 does not change it"}


def random_pixel_shuffle(random: Random) -> tuple[LayerKind, Signals]:
    """Return a PixelShuffle whose channels often match."""
    kind = KINDS["pixel_shuffle"]
    settings, signal = random_settings(random, kind), random_signal(random)
    if random.random() < 0.5 and len(signal.shape) > 2:
        channels = random.randint(1, 3) * settings.get("upscale_factor", 2) ** 2
        signal = Signal(
            (*signal.shape[:-3], channels, *signal.shape[-2:]), signal.dtype, signal.meaning
        )
    return kind.parse(settings, {}), {"input": (signal,)}


EXPECTED: Mapping[str, Expected] = {
    "upsample": Expected(
        omits={"recompute_scale_factor": "changes only how an odd scale factor is rounded"},
        differs={"scale_factor": "torch has no default; ours is 2, the most common use"},
    ),
    "pixel_shuffle": Expected(generate=random_pixel_shuffle, refuses=_FACTOR),
    "pixel_unshuffle": Expected(refuses=_FACTOR),
    "zero_pad1d": Expected(default_inputs=SERIES, axes=2, refuses=_ZEROS),
    "zero_pad2d": Expected(refuses=_ZEROS),
    "zero_pad3d": Expected(default_inputs=VOLUME, axes=4, refuses=_ZEROS),
    "reflection_pad1d": Expected(default_inputs=SERIES, axes=2),
    "reflection_pad2d": Expected(),
    "reflection_pad3d": Expected(default_inputs=VOLUME, axes=4),
    "crop2d": Expected(),
}
