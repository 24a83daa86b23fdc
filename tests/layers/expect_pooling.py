"""What holds for pooling."""

from __future__ import annotations

from collections.abc import Mapping

from expected import Expected

from dlstudio.design.signals import Signal

SERIES = Signal((3, 20))
_INDICES = {"return_indices": "a second output that no other kind here takes"}

EXPECTED: Mapping[str, Expected] = {
    "max_pool1d": Expected(natural=SERIES, axes=2, omits=_INDICES),
    "max_pool2d": Expected(
        omits=_INDICES,
        refuses={
            "padding-too-large": "of real numbers nothing but padding gives −∞, of whole numbers "
            "the lowest there is",
        },
    ),
    "avg_pool2d": Expected(),
    "adaptive_avg_pool2d": Expected(
        refuses={
            "wrong-rank": "for the size 1×1 alone, torch averages the last two axes of anything",
        },
    ),
}
