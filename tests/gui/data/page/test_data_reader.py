"""Reading in another process: the same contents, messages and baselines, and nothing left over."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from dlstudio.data.core.errors import Cancelled, DataError
from dlstudio.data.files.tables.original_rows import OriginalRows
from dlstudio.data.files.tables.stored_rows import FileRows
from dlstudio.data.sources.path_detection import readers_of, settings_for
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import new_project
from dlstudio.gui.data.page.contents.data_reader import DataReader
from dlstudio.gui.data.page.data_page import DataPage
from dlstudio.gui.data.page.table.table_model import RowFilter
from dlstudio.training.metrics.linear_baseline import BaselineData, compute_baseline
from tests.gui.data.page.page_helpers import read

PATIENCE = 30.0


@pytest.fixture
def here() -> Iterator[DataReader]:
    """Return a reader that starts a process for baselines alone."""
    reader = DataReader()
    yield reader
    reader.close()


@pytest.fixture
def elsewhere() -> Iterator[DataReader]:
    """Return a reader for which all files are large."""
    reader = DataReader(large_bytes=0)
    yield reader
    reader.close()


@pytest.fixture
def flats(tmp_path: Path) -> Path:
    """Return a table with umlauts, an id, gaps, rows without a target and bad numbers."""
    lines = ["id;straße;area;rooms;let_in"]
    for index in range(240):
        area = "" if index in (5, 17) else f"{40 + index % 37},{index % 10}"
        area = f"on request {index}" if 30 <= index < 40 else area
        target = "" if 60 <= index < 68 else ("1 week", "1 month")[index % 3 == 0]
        lines.append(f"{4001 + index};Süd {index % 3};{area};{1 + index % 5};{target}")
    path = tmp_path / "flats.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """Return a table that takes seconds to read."""
    path = tmp_path / "wide.csv"
    row = ",".join(map(str, range(2000)))
    path.write_text("\n".join([",".join(f"c{i}" for i in range(2000)), *[row] * 2000]))
    return path


def settings_of(path: Path, **options: Any) -> DataSettings:
    settings = settings_for(path, readers_of(path)[0], new_project().data)
    return dataclasses.replace(settings, options={**settings.options, **options})


def comparable(value: Any) -> Any:
    """Return a value with arrays as lists, and the rows of a table as they are shown."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.tolist()
    if isinstance(value, OriginalRows | FileRows):
        return [value[row] for row in range(len(value))]
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: comparable(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {key: comparable(item) for key, item in value.items()}
    return [comparable(item) for item in value] if isinstance(value, tuple | list) else value


def add_text(texts: list[str], text: str, _done: float | None) -> None:
    texts.append(text)


def wait_until_gone(pid: int | None) -> None:
    """Wait until the process no longer exists, not even as a zombie."""
    assert pid is not None
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still running")


def test_large_table_gives_the_same_contents(
    here: DataReader, elsewhere: DataReader, flats: Path
) -> None:
    table = elsewhere.read_first_rows(settings_of(flats), "")
    assert table is not None
    assert comparable(table) == comparable(here.read_first_rows(settings_of(flats), ""))
    for columns in ({}, {"rooms": "value"}, {"let_in": "ignore", "rooms": "ignore"}):
        settings = settings_of(flats, columns=columns)
        reports: list[str] = []
        contents = elsewhere.read(settings, "", partial(add_text, reports)).contents
        assert comparable(contents) == comparable(here.read(settings, "").contents)
        assert "Reading flats.csv: 240 rows" in reports
        assert isinstance(getattr(contents.table, "original", None), FileRows)
    assert elsewhere.worker.pid is not None
    assert here.worker.pid is None


def test_large_arrays_give_the_same_contents(
    here: DataReader, elsewhere: DataReader, tmp_path: Path
) -> None:
    path = tmp_path / "arrays.npz"
    values = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
    np.savez(path, x=values, y=np.arange(300) % 2)
    settings = settings_of(path)
    assert elsewhere.read_first_rows(settings, "") is None
    contents = elsewhere.read(settings, "").contents
    assert comparable(contents) == comparable(here.read(settings, "").contents)


def test_baseline_is_fitted_in_the_process(
    here: DataReader, elsewhere: DataReader, flats: Path
) -> None:
    settings = settings_of(flats)
    local, stored = here.read(settings, "").baseline, elsewhere.read(settings, "").baseline
    assert isinstance(local, BaselineData)
    assert stored is not None
    pid = elsewhere.worker.pid
    baselines = (compute_baseline(local), here.fit_baseline(local), elsewhere.fit_baseline(stored))
    assert len(set(map(repr, baselines))) == 1
    assert elsewhere.worker.pid == pid
    assert here.worker.pid is not None
    assert list(here.worker.folder.iterdir()) == list(elsewhere.worker.folder.iterdir()) == []


def test_unreadable_file_gives_the_same_message(
    here: DataReader, elsewhere: DataReader, tmp_path: Path
) -> None:
    contents = {
        "names.csv": b"a,b,c\n",
        "program.csv": bytes(range(256)) * 40,
        "empty.csv": b"\n\n",
        "arrays.npz": b"PK broken",
    }
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        settings = settings_of(path)
        with pytest.raises(DataError) as expected:
            here.read(settings, "")
        with pytest.raises(DataError) as raised:
            elsewhere.read(settings, "")
        assert str(raised.value) == str(expected.value)
        assert path.name in str(raised.value)
    assert list(elsewhere.worker.folder.iterdir()) == []


def test_cancelling_ends_the_process_and_leaves_no_file(elsewhere: DataReader, wide: Path) -> None:
    pids: list[int | None] = []
    with pytest.raises(Cancelled):
        elsewhere.read(
            settings_of(wide),
            "",
            lambda _text, _done: pids.append(elsewhere.worker.pid),
            lambda: bool(pids),
        )
    wait_until_gone(pids[0])
    assert list(elsewhere.worker.folder.iterdir()) == []


def test_page_shows_a_large_table_and_can_cancel_another(
    page: DataPage, elsewhere: DataReader, flats: Path, wide: Path, qtbot: QtBot
) -> None:
    page.reader.data_reader = elsewhere
    read(page, flats, qtbot)
    table = page.table.model
    assert table.rowCount() == 240
    assert [table.row(row).cells[0] for row in (0, 239)] == ["4001", "4240"]
    page.table.show_rows(RowFilter.LEFT_OUT)
    assert table.rowCount() == 18
    assert "'on request 30'" in table.row(0).left_out
    assert page.side.foot.train_button.isEnabled()
    pid = elsewhere.worker.pid
    with qtbot.waitSignal(page.reader.progress, timeout=60_000):
        page.open_settings(settings_of(wide))
    page.head.cancel_button.click()
    assert not page.reader.is_busy
    wait_until_gone(pid)


def test_reading_in_a_thread_can_be_cancelled(here: DataReader, flats: Path) -> None:
    reports: list[str] = []
    with pytest.raises(Cancelled):
        here.read(settings_of(flats), "", partial(add_text, reports), lambda: bool(reports))
    assert len(reports) == 1


def test_closed_reader_starts_no_process(flats: Path) -> None:
    reader = DataReader(large_bytes=0)
    reader.worker.warm_up("")
    pid, folder = reader.worker.pid, reader.worker.folder
    reader.close()
    wait_until_gone(pid)
    assert not folder.exists()
    with pytest.raises(Cancelled):
        reader.read(settings_of(flats), "")
    assert reader.worker.pid is None
    reader.close()


def test_jobs_import_no_qt() -> None:
    code = (
        "import sys, dlstudio.gui.data.page.contents.reading_job, dlstudio.worker.baseline_job;"
        "sys.exit(any(name.startswith(('PySide6', 'torch')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
