"""Rows in a temporary file: the same cells as in the text that was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.data.files.columns.used_table import read_used_table
from dlstudio.data.files.tables.stored_rows import FileRows, store_rows

TABLES = {
    "plain": "a,b,c\n1,2,x\n3,4,y\n5,6,z\n",
    "quotes": 'a,b,c\n1,"two\nlines",x\n3,"one, two",y\n5,"open,z\n7,8,x\n9,"",z\n',
    "letters": "größe;ß;c\n1;ä;x\n2;\U0001f600;y\n\n3;é;z\n4;ö\n",
    "line ends": "a,b,c\r\n1,2,x\r\n\r\n3,4,y\r5,6,z",
    "preamble": "a report\n\na,b,c\n1,2,x\n3,many,y\n5,6,z\n7,8,x\n9,1,y\n2,2\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_rows_in_a_file_equal_those_read(name: str, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes(TABLES[name].encode())
    read = read_used_table(table, {}).original
    stored = FileRows(store_rows(read, tmp_path / "rows.txt"))
    assert len(stored) == len(read) > 2
    assert stored.names == read.names
    order = [*reversed(range(len(read))), *range(len(read))]
    assert [stored[row] for row in order] == [read[row] for row in order]
    stored.close()


def test_file_is_deleted_with_the_last_reference(tmp_path: Path) -> None:
    table, file = tmp_path / "table.csv", tmp_path / "rows.txt"
    table.write_text(TABLES["plain"])
    rows = FileRows(store_rows(read_used_table(table, {}).original, file))
    assert rows[2].cells == ("5", "6", "z")
    del rows
    assert not file.exists()
