"""Records of text with quotes and line breaks."""

from __future__ import annotations

import time

import pytest

from dlstudio.data.files.tables.records import iterate_records, read_record


def records(text: str, delimiter: str = "comma", width: int = 0) -> list[tuple[int, object]]:
    return [(record.line, record.cells) for record in iterate_records(text, delimiter, width)]


def test_quoted_line_breaks_belong_to_one_record() -> None:
    text = 'a,"one\ntwo, ""quoted""\nthree",b\nc,d,e\n'
    assert records(text) == [
        (1, ["a", 'one\ntwo, "quoted"\nthree', "b"]),
        (4, ["c", "d", "e"]),
    ]


def test_a_stray_quote_loses_only_its_line() -> None:
    text = '1,p\n"2,q\n3,p\n"4,q\n5,p\n6,5" wide\n'
    assert records(text, width=2) == [
        (1, ["1", "p"]),
        (2, None),
        (3, ["3", "p"]),
        (4, None),
        (5, ["5", "p"]),
        (6, ["6", '5" wide']),
    ]


def test_a_quote_that_joins_lines_to_another_width_is_stray() -> None:
    assert records('1,p\n"2,q\n3",p\n', width=2)[1] == (2, ["2,q\n3", "p"])
    assert records('1,p\n"2,q\n3,p"\n4,q\n', width=2) == [
        (1, ["1", "p"]), (2, None), (3, ["3", 'p"']), (4, ["4", "q"]),
    ]  # fmt: skip


def test_a_cell_may_be_longer_than_the_csv_module_allows() -> None:
    text = "word " * 60_000
    assert records(f'1,"{text}",x\n')[0][1] == ["1", text, "x"]


def test_a_record_can_be_read_alone() -> None:
    text = 'a,b\n"x\ny",2\n"3,4\n'
    starts = [record.start for record in iterate_records(text, "comma", 2)]
    assert [read_record(text, start, "comma", 2) for start in starts] == [
        ["a", "b"], ["x\ny", "2"], ['"3', "4"],
    ]  # fmt: skip


@pytest.mark.parametrize("row", ['"open,1\n', 'a"b,2\n', '"x"y",3\n'])
def test_many_stray_quotes_take_linear_time(row: str) -> None:
    start = time.process_time()
    assert len(records(row * 20_000, width=2)) == 20_000
    assert time.process_time() - start < 20
