"""A design keeps the features its weights were trained with, whatever newer rules would make."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import DatasetInfo

ALL = Split(0.0, 0.0)
TABLES = {
    "constant": ("a,b,kind", lambda row: f"7,{row % 5},{'xy'[row % 2]}"),
    "id": ("customer_id,b,kind", lambda row: f"{row},{row % 5},{'xy'[row % 2]}"),
    "date": ("when,b,kind", lambda row: f"2024-01-0{1 + row % 5},{row % 5},{'xy'[row % 2]}"),
    "spellings": ("b,c,kind", lambda row: f"{row % 5},{('No', 'no')[row % 2]},{'xy'[row % 2]}"),
    "classes": ("b,kind", lambda row: f"{row % 5},{row % 2}{'.0' if row > 9 else ''}"),
    "thousands": ("b,c,kind", lambda row: f'{row % 5},"1,{row % 4}00",{"xy"[row % 2]}'),
    "texts": ("b,c,kind", lambda row: f"{row % 5},{'long ' * 30}{row // 2},{'xy'[row % 2]}"),
}
FIRST = {
    "constant": ("a", "b"),
    "id": ("customer_id", "b"),
    "date": (*(f"when = 2024-01-0{day}" for day in range(1, 6)), "b"),
    "spellings": ("b", "c = No", "c = no"),
    "classes": ("b",),
    "thousands": ("b", *(f"c = 1,{hundred}00" for hundred in range(4))),
    "texts": None,
}


def settings(folder: Path, name: str, facts: DatasetInfo | None) -> DataSettings:
    header, row = TABLES[name]
    path = folder / "table.csv"
    path.write_text("\n".join([header, *(row(index) for index in range(60))]), "utf-8")
    return DataSettings("csv", {"path": str(path)}, ALL, facts=facts)


@pytest.mark.parametrize("name", TABLES)
def test_info_of_the_first_version_keeps_its_features(name: str, tmp_path: Path) -> None:
    data = load_data(settings(tmp_path, name, DatasetInfo()))
    assert data.facts.rules == 1
    if FIRST[name] is not None:
        assert data.columns == FIRST[name]
    if name == "classes":
        assert data.facts.class_names == ("0", "0.0", "1", "1.0")


@pytest.mark.parametrize("name", TABLES)
def test_a_design_without_info_is_read_by_the_newest_rules(name: str, tmp_path: Path) -> None:
    data = load_data(settings(tmp_path, name, None))
    assert data.facts.rules == 2
    assert data.columns != FIRST[name] or name == "classes"
    assert data.columns == load_data(settings(tmp_path, name, data.facts)).columns
