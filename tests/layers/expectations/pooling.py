"""What holds for pooling."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.signals import Signal
from tests.layers.expectations.expected import Expected

SERIES = Signal((3, 20))
VOLUME = Signal((3, 6, 6, 6))
_INDICES = {"return_indices": "a second output that no other kind here takes"}
_LOWEST = {
    "padding-too-large": "of real numbers nothing but padding gives −∞, of integers the "
    "lowest there is",
}
_ONE_PLACE = {
    "wrong-rank": "for a size of 1 alone, torch averages the last axes of anything",
}
_POWERS = {
    "wrong-dtype": "powers of integers overflow: of raw pictures from 16 on",
    "odd-power": "runs where no sum is negative, which nobody can promise",
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
