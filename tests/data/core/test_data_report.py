"""What was left out of the user's data, as lines."""

from __future__ import annotations

from dlstudio.data.core.data_report import LeftOut, left_out_lines


def test_a_line_names_place_reason_and_thing() -> None:
    item = LeftOut("row", "line 9", "the target is empty")
    assert left_out_lines([item]) == ("line 9: the target is empty; row left out",)


def test_long_lists_end_with_counts_of_the_rest() -> None:
    rows = [LeftOut("row", f"line {line}", "it is empty") for line in range(2, 24)]
    lines = left_out_lines([*rows, LeftOut("column", "id", "it counts the rows")])
    assert len(lines) == 21
    assert lines[-1] == "… and 2 rows, 1 column more left out"


def test_nothing_left_out_gives_no_line() -> None:
    assert left_out_lines(()) == ()
