"""Delimiter, header and first row of tables as programs export them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.data.core.errors import DataError
from dlstudio.data.files.tables.table import Table, TableOptions, read_table


@pytest.fixture
def read(tmp_path: Path):
    def read(text: str, encoding: str = "utf-8", **options: str) -> Table:
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return read_table(path, TableOptions(**options))

    return read


def lines(write, rows: int = 30) -> str:
    return "".join(write(row) + "\n" for row in range(rows))


def left_out(table: Table) -> list[str]:
    rows = [f"line {table.original.lines[row]}" for row in sorted(table.original.reasons)]
    return [*(item.where for item in table.left_out), *rows]


def test_a_delimiter_at_the_end_of_each_row_does_not_shift_names(read) -> None:
    body = lines(lambda row: f"{row / 8},{20 + row},{'low' if row % 2 else 'high'},")
    for header in ("dose,age,grade", "dose,age,grade,"):
        table = read(f"{header}\n{body}")
        assert table.names == ("dose", "age", "grade", "column 4")
        assert table.columns[0].numbers[3] == 3 / 8
        assert table.columns[3].missing.all()


def test_a_delimiter_at_the_end_of_the_header_names_no_column(read) -> None:
    table = read("dose,grade,\n" + lines(lambda row: f"{row / 8},{'ab'[row % 2]}"))
    assert table.names == ("dose", "grade")


def test_a_line_that_names_the_delimiter_is_no_header(read) -> None:
    table = read("sep=;\nweight;kind\n" + lines(lambda row: f"{row / 8};{'ab'[row % 2]}"))
    assert (table.delimiter, table.names, len(table)) == ("semicolon", ("weight", "kind"), 30)
    assert [item.text for item in table.left_out] == [
        "line 1: it only names the delimiter; row left out"
    ]


def test_an_index_without_a_name_is_the_first_column(read) -> None:
    body = lines(lambda row: f"r{row},{row / 8},{'ab'[row % 2]}")
    assert read(f"a,kind\n{body}").names == ("column 1", "a", "kind")
    assert read(f",a,kind\n{body}").names == ("column 1", "a", "kind")


def test_names_that_fit_no_column_are_reported_and_not_shifted(read) -> None:
    table = read("a,kind\n" + lines(lambda row: f"{row % 3},{row / 8},{'ab'[row % 2]}"))
    assert table.names == ("column 1", "column 2", "column 3")
    assert table.notes == (
        "line 1 names 2 columns, but most rows have 3 cells; it is not used, and the columns are "
        "numbered",
    )


def test_rows_of_decimal_commas_are_not_a_header(read) -> None:
    table = read(lines(lambda row: f"{row / 8:.2f};{row / 7:.2f};{row / 3:.2f}").replace(".", ","))
    assert (table.delimiter, table.header, len(table)) == ("semicolon", False, 30)
    assert table.columns[1].numbers[7] == 1


def test_tabs_and_decimal_commas_in_utf_16_are_read(read) -> None:
    text = "Länge\tArt\n" + lines(lambda row: f"{row / 8:.2f}\t{'ab'[row % 2]}").replace(".", ",")
    table = read(text.replace("\n", "\r\n"), "utf-16")
    assert (table.delimiter, table.decimal, table.encoding) == ("tab", ",", "UTF-16")
    assert table.columns[0].numbers[2] == 0.25


def test_names_that_look_like_gaps_stay_names(read) -> None:
    assert read("Na,N/A,-\n" + lines(lambda row: f"{row},{row / 8},{'ab'[row % 2]}")).names == (
        "Na", "N/A", "-",
    )  # fmt: skip


def test_a_first_row_with_a_gap_is_not_a_header(read) -> None:
    table = read("NA,red\n" + lines(lambda row: f"{row},{('red', 'blue')[row % 2]}"))
    assert (table.header, len(table)) == (False, 31)
    assert table.columns[0].missing[0]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("0,1,2,3", lambda row: f"{row / 8},{row / 7},{row / 3},{'ab'[row % 2]}"),
        ("label,0,1,2,3", lambda row: f"{'ab'[row % 2]},{row},{row + 1},{row / 8},5"),
        ("land,2000,2001", lambda row: f"L{row},{row / 8},{row / 3}"),
    ],
)
def test_numbers_may_be_names(header: str, row, read) -> None:
    assert read(f"{header}\n{lines(row)}").names == tuple(header.split(","))


@pytest.mark.parametrize("units", ["[g],[cm],", "g,cm,-", "(g),(cm),"])
def test_a_row_of_units_is_left_out(units: str, read) -> None:
    body = lines(lambda row: f"{row / 8},{row / 3},{'xy'[row % 2]}")
    table = read(f"weight,length,kind\n{units}\n{body}")
    assert (table.names, len(table)) == (("weight", "length", "kind"), 30)
    assert [item.text for item in table.left_out] == [
        "line 2: it holds units, not a sample; row left out"
    ]


def test_lines_before_and_after_the_table_are_left_out(read) -> None:
    body = lines(lambda row: f"{row / 8};{row};{'xy'[row % 2]}")
    table = read(f"Export of May\nby Ada\n\nweight;size;kind\n{body}Total;435;\n\nSource: us\n")
    assert (table.names, len(table)) == (("weight", "size", "kind"), 30)
    assert left_out(table) == ["line 1", "line 2", "line 35", "line 37"]


def test_a_single_column_of_decimal_commas_is_one_column(read) -> None:
    table = read("Wert\n" + lines(lambda row: f"{row * row},{row % 7}5"))
    assert table.names == ("Wert",)
    assert table.columns[0].numbers[2] == 4.25


def test_columns_aligned_by_blanks_are_read(read) -> None:
    table = read(lines(lambda row: f"  {row / 8:6.2f}   {row}    {'xy'[row % 2]}  "))
    assert (table.delimiter, len(table.columns), len(table)) == ("space", 3, 30)


def test_empty_rows_are_counted(read) -> None:
    table = read("a,kind\n" + lines(lambda row: f"{row},{'xy'[row % 2]}") + ",\n,\n")
    assert list(table.original.reasons.values()) == ["all cells are empty"] * 2


@pytest.mark.parametrize("text", ["a,b,kind\n", "a;b;kind", '"a"\t"b"\t"kind"\r\n'])
def test_a_header_without_rows_is_named(text: str, read) -> None:
    with pytest.raises(DataError, match=r"has column names \(a, b, kind\) but no rows"):
        read(text)
