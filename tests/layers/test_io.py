"""The signal of an Input, from the data or from its own shape."""

from __future__ import annotations

import pytest

from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.layers.basic.io import INPUT_ROLES, Input, Output
from dlstudio.layers.framework.kind import SettingError

IMAGES = DatasetInfo({"samples": Signal((1, 28, 28), "float32", "picture")})


def test_shape_is_taken_from_the_data() -> None:
    assert Input().signal(IMAGES) == Signal((1, 28, 28), "float32", "picture")


def test_own_shape_replaces_missing_data() -> None:
    assert Input(shape=(3, 8, 8)).signal(DatasetInfo()) == Signal((3, 8, 8), "float32", "picture")


def test_shape_contradicting_the_data_is_rejected() -> None:
    with pytest.raises(SettingError, match="set to 3×8×8, but the data has 1×28×28") as caught:
        Input(shape=(3, 8, 8)).signal(IMAGES)
    assert caught.value.setting == "shape"


def test_error_without_data_and_shape_suggests_a_fix() -> None:
    with pytest.raises(SettingError, match="Choose a data set"):
        Input().signal(DatasetInfo())


@pytest.mark.parametrize("role", INPUT_ROLES)
def test_every_role_accepts_a_shape(role: str) -> None:
    signal = Input(role=role, shape=(5,)).signal(DatasetInfo())
    assert signal.shape == (5,)
    assert signal.dtype in ("float32", "int64", "bool")


def test_time_step_is_one_integer() -> None:
    assert Input(role="time step").signal(DatasetInfo()) == Signal((), "int64", "time step")


def test_segments_are_integers_like_tokens() -> None:
    signal = Input(role="segments", shape=(512,)).signal(DatasetInfo())
    assert signal == Signal((512,), "int64", "tokens")


def test_output_has_one_input_and_no_outputs() -> None:
    assert [port.name for port in Output.inputs] == ["input"]
    assert Output.outputs == ()
