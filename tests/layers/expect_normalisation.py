"""What holds for norms and dropout."""

from __future__ import annotations

from collections.abc import Mapping

from expected import Expected

from dlstudio.design.signals import Signal

_STATISTICS = "takes mean and variance of the batch while training"
_ZEROS = "draws other zeros for each sample while training"
_OF_A_BATCH = {
    "track_running_stats": "switched off, one sample's answer would depend on the others",
    "bias": "a batch norm's shift comes and goes with affine; older torch has no such argument",
}
_CHANGEABLE = {
    "wrong-dtype": "runs with probability 0 and 1, but the probability may be changed during a run",
}

EXPECTED: Mapping[str, Expected] = {
    "batch_norm1d": Expected(natural=Signal((10,)), axes=1, meets=_STATISTICS, omits=_OF_A_BATCH),
    "batch_norm2d": Expected(meets=_STATISTICS, omits=_OF_A_BATCH),
    "layer_norm": Expected(
        axes=2,
        refuses={
            "axis-missing": "more axes than there are: torch would be given all there are",
        },
    ),
    "dropout": Expected(meets=_ZEROS, refuses=_CHANGEABLE),
    "dropout2d": Expected(meets=_ZEROS, refuses=_CHANGEABLE),
}
