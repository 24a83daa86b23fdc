"""What holds for convolutions."""

from __future__ import annotations

from collections.abc import Mapping

from expected import Expected

from dlstudio.design.signals import Signal

SERIES = Signal((3, 20))

EXPECTED: Mapping[str, Expected] = {
    "conv1d": Expected(natural=SERIES, axes=2),
    "conv2d": Expected(),
    "conv_transpose2d": Expected(omits={"padding_mode": "ConvTranspose2d knows zeros only"}),
}
