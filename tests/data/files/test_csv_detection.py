from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dlstudio.data.files.csv_detection import suggest_window
from dlstudio.data.load import load_data
from dlstudio.data.sources.path_detection import readers_of
from dlstudio.design.model.data_settings import DataSettings

TABLE, SERIES = "csv", "series-csv"
DAYS = [date(2024, 1, 1) + timedelta(days=day) for day in range(60)]
WAVE = [round(math.sin(step / 5), 3) for step in range(60)]


def write_csv(
    folder: Path, header: str, rows: Iterable[Iterable[object]], delimiter: str = ","
) -> Path:
    path = folder / "rows.csv"
    lines = [header, *(delimiter.join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def source_names(path: Path) -> tuple[str, ...]:
    return tuple(source.name for source in readers_of(path))


@pytest.mark.parametrize(
    ("header", "times"),
    [
        ("date,value", DAYS),
        ("when,value", DAYS),
        ("when,value", [f"{day:%d.%m.%Y}" for day in DAYS]),
        ("when,value", [f"{day}T12:30:00" for day in DAYS]),
        ("Year,sunspots", range(1700, 1760)),
        ("t,y", [step * 0.1 for step in range(60)]),
    ],
)
def test_numbers_beside_times_are_read_as_a_series(
    tmp_path: Path, header: str, times: Iterable[object]
) -> None:
    path = write_csv(tmp_path, header, zip(times, WAVE, strict=True))
    assert source_names(path) == (SERIES, TABLE)


def test_single_column_of_numbers_is_read_as_a_series(tmp_path: Path) -> None:
    assert source_names(write_csv(tmp_path, "passengers", ([value] for value in WAVE))) == (
        SERIES,
        TABLE,
    )
    text_file = write_csv(tmp_path, "word", ([f"word{row}"] for row in range(60)))
    assert source_names(text_file) == (TABLE,)


def test_numbers_beside_a_counter_are_a_table_or_a_series(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "dose,effect", zip(range(60), WAVE, strict=True))
    assert source_names(path) == (TABLE, SERIES)


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("date,value", list(zip(DAYS, WAVE, strict=True))[:20]),
        ("height,width", [(row * row % 17, row * 3 % 11) for row in range(60)]),
        ("height,colour", [(row * row % 17, "red" if row % 2 else "blue") for row in range(60)]),
        ("date,high,low", [(day, 2, 1) for day in DAYS]),
        ("date,colour", [(day, "red") for day in DAYS]),
    ],
)
def test_other_files_are_tables(
    tmp_path: Path, header: str, rows: Iterable[Iterable[object]]
) -> None:
    assert source_names(write_csv(tmp_path, header, rows)) == (TABLE,)


def test_decimal_commas_and_empty_cells_count_as_numbers(tmp_path: Path) -> None:
    values = [f"{value}".replace(".", ",") for value in WAVE]
    values[3] = ""
    path = write_csv(tmp_path, "Datum;Wert", zip(DAYS, values, strict=True), ";")
    assert source_names(path) == (SERIES, TABLE)


def test_only_the_beginning_of_a_large_file_is_read(tmp_path: Path) -> None:
    rows = [(step, WAVE[step % 60]) for step in range(60_000)]
    path = write_csv(tmp_path, "time,value", rows)
    path.write_bytes(path.read_bytes() + b"\x00" * 100_000)
    assert source_names(path) == (SERIES, TABLE)


def test_unreadable_file_defaults_to_a_table(tmp_path: Path) -> None:
    assert source_names(tmp_path / "gone.csv") == (TABLE,)


@pytest.mark.parametrize("rows", [40, 60, 300, 399, 2000])
def test_suggested_window_fits_each_subset_of_a_short_series(tmp_path: Path, rows: int) -> None:
    path = write_csv(tmp_path, "time,value", ((step, WAVE[step % 60]) for step in range(rows)))
    settings = DataSettings("series-csv", {"path": str(path)})
    window = suggest_window(path, settings.split)
    assert bool(window) == (rows < 1000)
    data = load_data(replace(settings, options={**settings.options, **window}))
    assert data.validation is not None
    assert data.test is not None
