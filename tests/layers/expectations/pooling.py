"""Expectations for pooling."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.signals import Signal
from tests.layers.expectations.expected import Expected

SERIES = Signal((3, 20))
VOLUME = Signal((3, 6, 6, 6))
_INDICES = {"return_indices": "a second output that no other kind accepts"}
_LOWEST = {
    "padding-too-large": "a window of padding only gives −∞ for floats and the minimum for "
    "integers",
}
_ONE_PLACE = {
    "wrong-rank": "with an output size of 1, torch averages the last axes of any tensor",
}
_POWERS = {
    "wrong-dtype": "powers of integers overflow: in raw images from 16 on",
    "odd-power": "runs only if no sum is negative, which cannot be guaranteed",
}

EXPECTED: Mapping[str, Expected] = {
    "max_pool1d": Expected(default_inputs=SERIES, axes=2, omits=_INDICES),
    "max_pool2d": Expected(omits=_INDICES, refuses=_LOWEST),
    "max_pool3d": Expected(default_inputs=VOLUME, axes=4, omits=_INDICES, refuses=_LOWEST),
    "avg_pool1d": Expected(default_inputs=SERIES, axes=2),
    "avg_pool2d": Expected(),
    "avg_pool3d": Expected(default_inputs=VOLUME, axes=4),
    "lp_pool1d": Expected(default_inputs=SERIES, axes=2, refuses=_POWERS),
    "lp_pool2d": Expected(refuses=_POWERS),
    "lp_pool3d": Expected(default_inputs=VOLUME, axes=4, refuses=_POWERS),
    "adaptive_avg_pool1d": Expected(default_inputs=SERIES, axes=2, refuses=_ONE_PLACE),
    "adaptive_avg_pool2d": Expected(refuses=_ONE_PLACE),
    "adaptive_avg_pool3d": Expected(default_inputs=VOLUME, axes=4, refuses=_ONE_PLACE),
    "adaptive_max_pool1d": Expected(default_inputs=SERIES, axes=2, omits=_INDICES),
    "adaptive_max_pool2d": Expected(omits=_INDICES),
    "adaptive_max_pool3d": Expected(default_inputs=VOLUME, axes=4, omits=_INDICES),
    "global_avg_pool": Expected(),
    "global_max_pool": Expected(),
}
