"""What an Input brings in, from the data or from its own shape."""

from __future__ import annotations

import pytest

from dlstudio.design.signals import DataFacts, Signal
from dlstudio.layers.io import INPUT_ROLES, Input, Output
from dlstudio.layers.kind import SettingError

PICTURES = DataFacts({"samples": Signal((1, 28, 28), "float32", "picture")})


def test_the_shape_follows_from_the_data() -> None:
    assert Input().signal(PICTURES) == Signal((1, 28, 28), "float32", "picture")


def test_a_shape_of_its_own_stands_in_for_missing_data() -> None:
    assert Input(shape=(3, 8, 8)).signal(DataFacts()) == Signal((3, 8, 8), "float32", "picture")


def test_a_shape_that_the_data_contradicts_is_refused() -> None:
    with pytest.raises(SettingError, match="set to 3×8×8, but the data brings 1×28×28") as caught:
        Input(shape=(3, 8, 8)).signal(PICTURES)
    assert caught.value.setting == "shape"


def test_without_data_and_shape_it_says_what_to_do() -> None:
    with pytest.raises(SettingError, match="Choose a data set"):
        Input().signal(DataFacts())


@pytest.mark.parametrize("role", INPUT_ROLES)
def test_every_role_can_be_given_a_shape(role: str) -> None:
    signal = Input(role=role, shape=(5,)).signal(DataFacts())
    assert signal.shape == (5,)
    assert signal.dtype in ("float32", "int64", "bool")


def test_a_time_step_is_one_whole_number() -> None:
    assert Input(role="time step").signal(DataFacts()) == Signal((), "int64", "time step")


def test_segments_are_whole_numbers_as_the_tokens_they_belong_to() -> None:
    signal = Input(role="segments", shape=(512,)).signal(DataFacts())
    assert signal == Signal((512,), "int64", "tokens")


def test_an_output_takes_one_wire_and_gives_none() -> None:
    assert [port.name for port in Output.inputs] == ["input"]
    assert Output.outputs == ()
