"""Expectations for convolutions."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.signals import Signal
from tests.layers.expectations.expected import ZERO_NORM, Expected

SERIES = Signal((3, 20))
VOLUME = Signal((3, 6, 6, 6))
_ZEROS_ONLY = {"padding_mode": "torch's transposed convolutions only support zeros"}

EXPECTED: Mapping[str, Expected] = {
    "conv1d": Expected(refuses=ZERO_NORM, default_inputs=SERIES, axes=2),
    "conv2d": Expected(refuses=ZERO_NORM),
    "conv3d": Expected(refuses=ZERO_NORM, default_inputs=VOLUME, axes=4),
    "depthwise_conv2d": Expected(
        refuses=ZERO_NORM, differs={"groups": "depthwise means one group per channel"}
    ),
    "separable_conv2d": Expected(refuses=ZERO_NORM),
    "conv_transpose1d": Expected(
        refuses=ZERO_NORM, default_inputs=SERIES, axes=2, omits=_ZEROS_ONLY
    ),
    "conv_transpose2d": Expected(refuses=ZERO_NORM, omits=_ZEROS_ONLY),
    "conv_transpose3d": Expected(
        refuses=ZERO_NORM, default_inputs=VOLUME, axes=4, omits=_ZEROS_ONLY
    ),
}
