"""Each card shows its layer's number; a block shows the largest of those inside."""

from __future__ import annotations

import math

import pytest

from dlstudio.gui.canvas.scene.card_values import CardValues
from dlstudio.insight.views.values import CardOverlay


def card_values(values: dict[str, float], **options: object) -> CardValues:
    result = CardValues()
    result.show("norms", CardOverlay(values, **options))  # type: ignore[arg-type]
    return result


def test_layer_shows_its_number_with_unit_and_title():
    value = card_values({"conv_1": 2.5}, unit="ms", title="Time").value("conv_1")
    assert (value.text, value.description) == ("2.5 ms", "Time: 2.5 ms")
    assert card_values({"conv_1": 2.5}).value("conv_2") is None


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.00012345, "0.000123"),
        (-12.345, "−12.3"),
        (1234.5, "1\u202f234"),
        (1.25e6, "1.25e+06"),
        (math.inf, "∞"),
        (math.nan, "–"),
    ],
)
def test_number_has_few_digits(number, text):
    assert card_values({"a": number}).value("a").text == text


def test_block_shows_the_largest_number_inside_and_names_the_layer():
    values = card_values({"block.0.conv": 1.0, "block.1.conv": -3.0, "other": 9.0}, title="Mean")
    assert values.value("block").description == "Mean: −3 (largest in the block: 1.conv)"
    assert values.value("block.0").text == "1"
    assert card_values({"block.a": 5.0, "block.b": math.nan}).value("block").text == "–"
    assert card_values({"block": 1.0, "block.a": 5.0}).value("block").text == "1"


def test_scale_starts_at_zero_unless_a_number_is_negative():
    values = card_values({"a": 2.0, "b": 8.0})
    assert [values.value(path).share for path in "ab"] == [0.25, 1.0]
    values = card_values({"a": -2.0, "b": 8.0, "c": math.inf, "d": math.nan})
    assert [values.value(path).share for path in "abc"] == [-0.25, 1.0, 1.0]
    assert math.isnan(values.value("d").share)
    assert card_values({"a": 2.0}, low=1.0, high=3.0).value("a").share == 0.5
    assert card_values({"a": 0.0}).value("a").share == 0.0


@pytest.mark.parametrize("end", [1e17, math.inf, -math.inf, math.nan])
def test_scale_is_never_empty(end):
    value = card_values({"a": 1e17, "b": 1.0}, low=end, high=end).value("a")
    assert value.text == "1e+17"
    assert 0.0 <= value.share <= 1.0


def test_hidden_view_does_not_remove_the_numbers_of_another_one():
    values = card_values({"a": 1.0})
    assert values.show("times", CardOverlay({"a": 2.0}))
    assert not values.show("norms", None)
    assert values.value("a").text == "2"
    assert values.show("times", None)
    assert values.value("a") is None
