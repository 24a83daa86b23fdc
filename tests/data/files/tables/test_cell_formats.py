"""Numbers, dates and gaps as people write them, decided for whole columns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from dlstudio.data.files.tables.date_format import find_date_format
from dlstudio.data.files.tables.number_format import find_format
from dlstudio.data.files.tables.table import Table, TableOptions, read_table


@pytest.fixture
def read(tmp_path: Path):
    def read(text: str, **options: object) -> Table:
        path = tmp_path / "table.csv"
        path.write_text(text, "utf-8")
        return read_table(path, TableOptions(**options))

    return read


def column(cells: list[str], read, **options: object):
    """Return the first of two columns, separated by tabs."""
    rows = "".join(f"{cell}\t{row}.5\n" for row, cell in enumerate(cells))
    return read(f"value\tother\n{rows}", **options).columns[0]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,5", "2,25"], [1.5, 2.25]),
        (["1.234,5", "3"], [1234.5, 3]),
        (["1,234.5", "20.25"], [1234.5, 20.25]),
        (["1,234,567", "8"], [1234567, 8]),
        (["1,00,000", "8"], [100000, 8]),
        (["1'234.5", "1’000"], [1234.5, 1000]),
        (["1\u202f234,5", "2\u00a0000,5", "3 000,5"], [1234.5, 2000.5, 3000.5]),
        (["12 %", "3.5%"], [12, 3.5]),
        (["€ 1,200.50", "-€5", "$ 1"], [1200.5, -5, np.nan]),
        (["5.00 EUR", "7,000.25 EUR"], [5, 7000.25]),
        (["\u22123.5", "\u20132", "+1"], [-3.5, -2, 1]),
        (["(1,200.5)", "5", "7-"], [-1200.5, 5, -7]),
        (["1.5e3", "2E-2", ".5", "5."], [1500, 0.02, 0.5, 5]),
        (["1,5e3", "2"], [1500, 2]),
    ],
)
def test_numbers_are_read_in_the_format_of_their_column(cells, numbers) -> None:
    number_format = find_format(dict.fromkeys(cells, 1))
    parsed = [number_format.parse(cell) for cell in cells]
    assert [np.nan if value is None else value for value in parsed] == pytest.approx(
        numbers, nan_ok=True
    )


@pytest.mark.parametrize("cell", ["5 kg", "12a", "1.2.3", "1,23,4", "12 34", "--5", "", "1 2,5.1"])
def test_other_cells_are_no_numbers(cell: str) -> None:
    assert find_format({cell: 1}).parse(cell) is None


def test_a_mark_that_may_be_either_is_decided_by_the_rest_of_the_file(read) -> None:
    cells = [f"{row + 1},{row + 100}" for row in range(30)]
    rows = "".join(f'"{cell}"\t{{}}\n' for cell in cells)
    german = read("a\tb\n" + rows.format(*[f"{row},5" for row in range(30)]))
    assert german.columns[0].numbers[0] == 1.1
    english = read("a\tb\n" + rows.format(*[f"{row}.5" for row in range(30)]))
    assert english.columns[0].numbers[0] == 1100
    dots = read("a\tb\n" + rows.replace(",", ".").format(*[f"{row},5" for row in range(30)]))
    assert dots.columns[0].numbers[0] == 1100


def test_the_decimal_sign_can_be_set(read) -> None:
    cells = [f"{row + 1},{row + 100}" for row in range(30)]
    assert column(cells, read, decimal="comma").numbers[0] == 1.1
    assert column(cells, read, decimal="point").numbers[0] == 1100


def test_columns_of_one_file_may_differ_in_their_decimal_sign(read) -> None:
    rows = "".join(f"{row},5;{row}.25;{row},75\n" for row in range(30))
    table = read(f"a;b;c\n{rows}")
    assert [cells.numbers[1] for cells in table.columns] == [1.5, 1.25, 1.75]


def test_no_column_is_read_half_and_half(read) -> None:
    mixed = column([f"{row}{'.,'[row % 2]}5" for row in range(30)], read)
    assert mixed.type == "category"
    mostly = column([f"{row}{',' if row == 7 else '.'}5" for row in range(30)], read)
    assert mostly.type == "number"
    assert np.flatnonzero(np.isnan(mostly.numbers)).tolist() == [7]


def test_percent_signs_are_removed_from_all_cells_or_none(read) -> None:
    shares = column([f"{row} %" if row != 7 else "0.07" for row in range(30)], read)
    assert (shares.numbers[8], np.isnan(shares.numbers[7])) == (8, True)


@pytest.mark.parametrize("gap", [".", "-", "NA", "n.a.", "#DIV/0!", "\u2013", "..", "none", "k.A."])
def test_gap_words_leave_a_column_of_numbers_one(gap: str, read) -> None:
    cells = column([gap if row % 6 == 0 else f"{row / 8}" for row in range(60)], read)
    assert cells.type == "number"
    assert (int(cells.missing.sum()), dict(cells.gap_counts)) == (10, {gap: 10})


def test_a_word_beside_numbers_is_a_gap_if_it_is_the_only_one(read) -> None:
    cells = column(["below limit" if row % 3 == 0 else f"{row}.5" for row in range(30)], read)
    assert (cells.type, int(cells.missing.sum())) == ("number", 10)
    words = column([("low", "high", f"{row}.5")[row % 3] for row in range(30)], read)
    assert words.type == "category"


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (("none", "mild", "severe"), 0),
        (("+", "-"), 0),
        (("NA", "mild"), 15),
        (("-", "mild"), 15),
        (("n/a", "mild"), 15),
        (("nil", "two"), 0),
    ],
)
def test_words_of_classes_are_not_gaps(words, missing: int, read) -> None:
    cells = column([words[row % len(words)] for row in range(30)], read)
    assert (cells.type, int(cells.missing.sum())) == ("category", missing)


def test_a_word_that_is_a_gap_among_numbers_is_one_among_words(read) -> None:
    rows = "".join(
        f"{'none' if row % 9 == 0 else row},{('none', 'p')[row % 2]}\n" for row in range(60)
    )
    assert [int(cells.missing.sum()) for cells in read(f"a,b\n{rows}").columns] == [7, 30]


def test_many_different_numbers_with_a_late_word_are_read_again(read) -> None:
    cells = column([*(f"{row}.25" for row in range(3000)), "on request", "1,234.5"], read)
    assert cells.type == "number"
    assert cells.numbers[2999] == 2999.25
    assert np.isnan(cells.numbers[3000])
    assert cells.numbers[3001] == 1234.5


def test_large_and_underlined_numbers_are_no_numbers(read) -> None:
    cells = column([*(f"{row}.25" for row in range(600)), "1e39", "1_000"], read)
    assert np.flatnonzero(np.isnan(cells.numbers)).tolist() == [600, 601]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-02-05", datetime(2024, 2, 5)),
        ("2024-02-05T12:30:15Z", datetime(2024, 2, 5, 12, 30, 15)),
        ("2024-02-05 12:30:15.5+02:00", datetime(2024, 2, 5, 10, 30, 15, 500_000)),
        ("05.02.2024", datetime(2024, 2, 5)),
        ("5/2/24 3:04 PM", datetime(2024, 5, 2, 15, 4)),
        ("25/2/2024", datetime(2024, 2, 25)),
        ("2024/2/5", datetime(2024, 2, 5)),
        ("5 Feb 2024", datetime(2024, 2, 5)),
        ("5-Feb-2024", datetime(2024, 2, 5)),
        ("5. Februar 2024", datetime(2024, 2, 5)),
        ("Feb 5th, 2024", datetime(2024, 2, 5)),
        ("Mon, 05 Feb 2024", datetime(2024, 2, 5)),
        ("2024-02", datetime(2024, 2, 1)),
        ("12:30", datetime(1970, 1, 1, 12, 30)),
    ],
)
def test_dates_are_read(cell: str, moment: datetime) -> None:
    seconds = moment.replace(tzinfo=UTC).timestamp()
    assert find_date_format([cell]).parse(cell) == seconds


@pytest.mark.parametrize(
    "cell", ["2024", "1.5", "31.02.2024", "12-34", "1.2.3", "5 Apples 2024", "25:00"]
)
def test_other_cells_are_no_dates(cell: str) -> None:
    assert find_date_format([cell]).parse(cell) is None


def test_the_order_of_day_and_month_holds_for_the_column() -> None:
    dates = find_date_format(["1/2/2024", "13/2/2024"])
    assert (dates.day_first, dates.is_sure) == (True, True)
    dates = find_date_format(["1/2/2024", "2/13/2024"])
    assert (dates.day_first, dates.is_sure) == (False, True)
    assert not find_date_format(["1/2/2024"]).is_sure
