"""Numbers as people write them."""

from __future__ import annotations

import pytest

from dlstudio.design.model.values import Value
from dlstudio.gui.forms.value_format import read_value
from dlstudio.layers.framework.settings import Integer, Real

COUNT = Integer(title="Filters", help="How many.", default=16)
RATE = Real(title="Rate", help="How much.", default=0.5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,000", 1000),
        ("12,345,678", 12_345_678),
        ("1 000", 1000),
        ("1\u202f000", 1000),
        ("25", 25),
        ("+7", 7),
    ],
)
def test_integer_may_have_groups_of_three_digits(text: str, value: int) -> None:
    setting = Integer(title="Filters", help="How many.", default=16, maximum=10**9)
    assert read_value(text, setting, {}) == value


@pytest.mark.parametrize("text", ["2,5", "1,00", "1,0000", "25,", ",5", "1 5", "1,000,5", "2.5"])
def test_number_that_is_no_integer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be an integer"):
        read_value(text, COUNT, {})


@pytest.mark.parametrize(
    ("text", "value"),
    [("2,5", 2.5), ("0,001", 0.001), ("0.001", 0.001), ("1,5e-3", 0.0015), ("\u22122", -2.0)],
)
def test_real_number_may_have_a_decimal_comma(text: str, value: Value) -> None:
    assert read_value(text, RATE, {}) == value


@pytest.mark.parametrize("text", ["1,000", "12,345", "-999,999"])
def test_ambiguous_real_number_is_refused_with_both_readings(text: str) -> None:
    with pytest.raises(ValueError, match=r"write -?\d+ or -?\d+\.\d{3}"):
        read_value(text, RATE, {})
