"""What is made of ids, dates, constants, texts and spellings, and how it is reported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dlstudio.data.core.errors import DataError
from dlstudio.data.files.csv_columns import ColumnGuess, guess_columns
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings, Split

ALL = Split(0.0, 0.0)


@pytest.fixture
def write(tmp_path: Path):
    def write(header: str, row, rows: int = 60) -> Path:
        path = tmp_path / "table.csv"
        path.write_text(
            header + "\n" + "".join(row(index) + "\n" for index in range(rows)), "utf-8"
        )
        return path

    return write


def load(path: Path, split: Split = ALL, normalise: str = "none", **options):
    return load_data(DataSettings("csv", {"path": str(path), **options}, split, normalise))


def left_out(guess: ColumnGuess) -> dict[str, str]:
    return {item.where: item.why for item in guess.left_out if item.what == "column"}


@pytest.mark.parametrize("name", ["customer_id", "PassengerId", "No.", "Kundennummer", "id", ""])
def test_a_number_that_counts_the_rows_is_left_out(name: str, write) -> None:
    path = write(f"{name},a,churn", lambda row: f"{10_000 + row},{row % 7},{'yn'[row >= 30]}")
    data = load(path)
    assert data.columns == ("a",)
    assert data.left_out[0].why == "it counts the rows, and would only tell their order in the file"
    assert [column.role for column in data.table] == ["left out", "input", "target"]


def test_a_left_out_id_can_be_used(write) -> None:
    path = write("id,a,kind", lambda row: f"{row},{row % 7},{'xy'[row % 2]}")
    assert load(path, columns={"id": "number"}).columns == ("id", "a")


@pytest.mark.parametrize("name", ["year", "dose", "seconds"])
def test_other_numbers_that_rise_by_one_are_inputs(name: str, write) -> None:
    path = write(f"{name},a,kind", lambda row: f"{row},{row % 7},{'xy'[row % 2]}")
    assert load(path).columns == (name, "a")


def test_an_id_without_order_is_left_out(write) -> None:
    path = write("id,a,kind", lambda row: f"{row * 37 % 61},{row % 7},{'xy'[row % 2]}")
    assert left_out(guess_columns(path)) == {
        "id": "a different number in each row, as an identifier has"
    }


def test_dates_become_the_parts_that_vary(write) -> None:
    path = write("when,kind", lambda row: f"2024-0{1 + row % 3}-{1 + row % 28:02},{'xy'[row % 2]}")
    data = load(path)
    assert data.columns == ("when: month", "when: weekday", "when: day number")
    assert data.train.inputs["samples"][:2].tolist() == [[1, 0, 0], [2, 4, 32]]
    assert "dates become when: month" in data.warnings[0]
    assert [(column.type, column.role) for column in data.table] == [
        ("date", "input"), ("category", "target"),
    ]  # fmt: skip


def test_times_of_day_become_hours(write) -> None:
    path = write("at,kind", lambda row: f"05.02.2024 {row % 24:02}:30,{'xy'[row % 2]}")
    data = load(path)
    assert data.columns == ("at: hour",)
    assert data.train.inputs["samples"][3].tolist() == [3.5]


def test_a_missing_date_becomes_the_median(write) -> None:
    years = ["" if row == 4 else f"{2000 + row}-01-01" for row in range(60)]
    path = write("at,kind", lambda row: f"{years[row]},{'xy'[row % 2]}")
    data = load(path)
    assert data.columns[0] == "at: year"
    assert data.train.inputs["samples"][4, 0] == 2030
    assert data.warnings[0] == (
        "1 empty cell filled with the median of the training rows: at 1 → 2030-01-01"
    )


def test_constant_columns_are_left_out(write) -> None:
    path = write("a,b,c,kind", lambda row: f"7.25,north,{row % 7},{'xy'[row % 2]}")
    guess = guess_columns(path)
    assert guess.constant == ("a", "b")
    assert left_out(guess) == dict.fromkeys("ab", "the same value in all rows")
    assert load(path).columns == ("c",)


def test_a_single_class_is_reported_for_the_column_that_was_meant(write) -> None:
    path = write("a,b,kind", lambda row: f"{row % 7},{row % 3},x")
    with pytest.raises(DataError, match=r"'kind' contains only one class: 'x'. Mark another"):
        load(path)


def test_a_table_without_inputs_names_the_reasons(write) -> None:
    path = write("id,b,kind", lambda row: f"{row},5,{'xy'[row % 2]}")
    with pytest.raises(DataError, match=r"no input column: 'id' is left out \(it counts the rows"):
        load(path)


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (("0", "1", "0.0", "1.0", "0", "1"), ("0", "1")),
        (("Yes", "no", "yes ", "No", "YES", "no"), ("no", "yes")),
        (("new  york", "Rome", "New York", "rome"), ("New York", "Rome")),
        (("A", "a"), ("A", "a")),
        (("mW", "MW"), ("MW", "mW")),
        (("01", "1"), ("01", "1")),
        (("cafe\u0301", "tea", "caf\u00e9"), None),
    ],
)
def test_spellings_of_one_class_are_merged_where_it_is_safe(cells, classes, write) -> None:
    path = write("a,kind", lambda row: f"{row / 8},{cells[row % len(cells)]}")
    data = load(path)
    merged = "as “" in " ".join(data.warnings)
    if classes is None:
        assert len(data.facts.class_names) == 2
    else:
        assert sorted(map(str.lower, data.facts.class_names)) == sorted(map(str.lower, classes))
    assert merged == (len(data.facts.class_names) < len(set(cells)))


def test_merged_spellings_are_counted(write) -> None:
    path = write("a,kind", lambda row: f"{row / 8},{row % 2}{'.0' if row > 50 else ''}")
    assert load(path).warnings == ("Column 'kind': “0.0” as “0” (4 cells), “1.0” as “1” (5 cells)",)


def test_texts_are_left_out_and_called_text(write) -> None:
    path = write("a,text,kind", lambda row: f'{row},"{"some words " * (row + 5)}",{"xy"[row % 2]}')
    column = guess_columns(path).columns[1]
    assert (column.type, column.role) == ("text", "ignore")
    assert column.left_out == "60 different texts; a table uses none"


def test_seconds_since_1970_stay_different(write) -> None:
    path = write("t,kind", lambda row: f"{1_700_000_000 + 30 * row},{'xy'[row // 2 % 2]}", 200)
    data = load(path, Split(), "standardise")
    samples = data.normaliser.apply("samples", data.train.inputs["samples"])
    assert len(data.train) == 144 == len(samples.unique())
    assert data.columns[0].startswith("t − 17000000")
    assert "32-bit numbers" in data.warnings[0]


def test_usual_numbers_keep_their_values(write) -> None:
    numbers = np.random.default_rng(0).normal(100, 15, 60)
    path = write("a,kind", lambda row: f"{float(numbers[row])!r},{'xy'[row % 2]}")
    samples = load(path, columns={"a": "number"}).train.inputs["samples"]
    assert torch.equal(samples[:, 0], torch.tensor(numbers).float())


def test_original_cells_of_a_sample_can_be_shown(write) -> None:
    path = write("a,b,kind", lambda row: f"{row}.50,,{'' if row == 1 else 'xy'[row % 2]}")
    data = load(path, Split(0.2, 0.2))
    assert data.original is not None
    assert data.original.names == ("a", "b", "kind")
    for subset, samples in data.subsets.items():
        row = data.original_row(subset, 3)
        assert float(row.cells[0]) == samples.inputs["samples"][3, 0]
        assert (row.cells[0][-2:], row.line) == ("50", int(float(row.cells[0])) + 2)
    assert data.original[1].left_out == "the target column 'kind' is empty"


def test_guess_describes_columns_rows_and_changes(write) -> None:
    def row(index: int) -> str:
        area = "" if index == 3 else f"{20 + index % 25},5"
        price = "on request" if index == 5 else index * 40
        return f"{index + 1};{area};{price};{'south' if index % 3 else 'north'};{'xy'[index % 2]}"

    guess = guess_columns(write("id;area;price;side;kind", row), split=Split())
    identifier, area, price, side, kind = guess.columns
    assert (guess.delimiter, guess.decimal, guess.header, guess.rows) == (
        "semicolon",
        ",",
        True,
        59,
    )
    assert identifier.left_out.startswith("it counts the rows")
    assert (area.type, area.missing, area.low, area.high, area.decimal) == (
        "number", 1, "20.5", "44.5", ",",
    )  # fmt: skip
    assert (sum(area.histogram.counts), len(area.histogram.counts)) == (59, 20)
    assert price.not_numbers == 1
    assert (side.histogram.labels, side.histogram.counts) == (("south", "north"), (40, 20))
    assert (kind.use, kind.distinct) == ("class", 2)
    assert guess.gap_rows == (3,)
    assert guess.left_out_rows == (5,)
    assert guess.original[5].left_out == "'on request' in column 'price' is not a number"
    assert guess.original.select(range(5, 7))[1].line == 8
    assert [(filling.column, filling.count) for filling in guess.fillings] == [("area", 1)]
    assert guess.warnings[0] == "Column 'area': decimal comma"
    assert guess.duplicates == 0


def test_repeated_rows_are_counted_without_ids(write) -> None:
    path = write("id,a,kind", lambda row: f"{row + 1},{row // 2},{'xy'[row // 2 % 2]}")
    assert guess_columns(path).duplicates == 30
    assert "30 rows repeat an earlier one" in load(path).warnings[0]


def test_a_choice_changes_type_and_role(write) -> None:
    path = write("a,when,kind", lambda row: f"{row % 7},2024-01-{1 + row % 28:02},{'xy'[row % 2]}")
    guess = guess_columns(path, {"columns": {"when": "ignore", "a": "class"}})
    assert guess.uses() == {"a": "class", "when": "ignore", "kind": "category"}
    assert left_out(guess) == {"when": "you left it out"}
    with pytest.raises(DataError, match="no valid row"):
        load(path, columns={"when": "number"})
