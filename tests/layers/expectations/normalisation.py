"""What holds for norms and for what disturbs at random."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.signals import Signal
from tests.layers.expectations.expected import Expected

SERIES = Signal((3, 20))
VOLUME = Signal((4, 3, 6, 6))
_STATISTICS = "takes mean and variance of the batch while training"
_ZEROS = "draws other zeros for each sample while training"
_BIAS = {"bias": "the shift comes and goes with affine; older torch has no such argument"}
_OF_A_BATCH = {
    "track_running_stats": "switched off, one sample's answer would depend on the others",
    **_BIAS,
}
_OWN_WEIGHTS = {
    "affine": "torch's default learns nothing, so a frozen or initialised layer would mean nothing",
}
_AXES = {"axis-missing": "more axes than there are: torch would be given all there are"}
_CHANGEABLE = {
    "wrong-dtype": "runs with probability 0 and 1, but the probability may be changed during a run",
}
_BATCH_AS_CHANNELS = {
    **_CHANGEABLE,
    "wrong-rank": "without channels torch takes the batch for them and silences whole samples",
}

EXPECTED: Mapping[str, Expected] = {
    "batch_norm1d": Expected(
        default_inputs=Signal((10,)), axes=1, batch_dependence=_STATISTICS, omits=_OF_A_BATCH
    ),
    "batch_norm2d": Expected(batch_dependence=_STATISTICS, omits=_OF_A_BATCH),
    "batch_norm3d": Expected(
        default_inputs=VOLUME, axes=4, batch_dependence=_STATISTICS, omits=_OF_A_BATCH
    ),
    "instance_norm1d": Expected(default_inputs=SERIES, axes=2, differs=_OWN_WEIGHTS, omits=_BIAS),
    "instance_norm2d": Expected(differs=_OWN_WEIGHTS, omits=_BIAS),
    "instance_norm3d": Expected(default_inputs=VOLUME, axes=4, differs=_OWN_WEIGHTS, omits=_BIAS),
    "layer_norm": Expected(axes=2, refuses=_AXES),
    "rms_norm": Expected(
        axes=2,
        refuses=_AXES,
        differs={"eps": "torch's None stands for this number, the step of float32 beside 1"},
    ),
    "group_norm": Expected(omits=_BIAS),
    "local_response_norm": Expected(),
    "dropout": Expected(batch_dependence=_ZEROS, refuses=_CHANGEABLE),
    "dropout1d": Expected(
        default_inputs=SERIES, axes=2, batch_dependence=_ZEROS, refuses=_BATCH_AS_CHANNELS
    ),
    "dropout2d": Expected(batch_dependence=_ZEROS, refuses=_CHANGEABLE),
    "dropout3d": Expected(
        default_inputs=VOLUME, axes=4, batch_dependence=_ZEROS, refuses=_BATCH_AS_CHANNELS
    ),
    "alpha_dropout": Expected(batch_dependence=_ZEROS, refuses=_CHANGEABLE),
    "stochastic_depth": Expected(
        batch_dependence="draws while training which samples are silenced"
    ),
    "gaussian_noise": Expected(batch_dependence="draws other noise for each sample while training"),
}
