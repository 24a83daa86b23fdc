"""Expectations for norms, dropout and noise."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.signals import Signal
from tests.layers.expectations.expected import Expected

SERIES = Signal((3, 20))
VOLUME = Signal((4, 3, 6, 6))
_STATISTICS = "uses the mean and variance of the batch while training"
_ZEROS = "draws different zeros for each sample while training"
_BIAS = {"bias": "the setting affine adds the shift; older versions of torch have no bias"}
_OF_A_BATCH = {
    "track_running_stats": "without them, the output of a sample would depend on the others",
    **_BIAS,
}
_OWN_WEIGHTS = {
    "affine": "torch's default has no weights, so freezing and initialisation would do nothing",
}
_AXES = {"axis-missing": "the call clips the number of axes to those of the sample"}
_CHANGEABLE = {
    "wrong-dtype": "runs with probability 0 and 1, but the probability may be changed during a run",
}
_BATCH_AS_CHANNELS = {
    **_CHANGEABLE,
    "wrong-rank": "without a channel axis, torch treats the batch as channels and drops samples",
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
        differs={"eps": "torch's None means this number, the machine epsilon of float32"},
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
    "stochastic_depth": Expected(batch_dependence="drops random samples while training"),
    "gaussian_noise": Expected(
        batch_dependence="draws different noise for each sample while training"
    ),
}
