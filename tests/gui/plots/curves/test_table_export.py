"""Curves are saved as a table in the background, whatever their length."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.curves.curve_table import copy_curves, write_table
from dlstudio.gui.plots.curves.table_export import TableExport
from dlstudio.gui.runs.run_history import STEP_LOSS, RunHistory
from dlstudio.gui.runs.series import Series


def history(steps: int, name: str = "run") -> RunHistory:
    run = RunHistory(name=name, steps_per_epoch=10)
    run.series[STEP_LOSS] = Series()
    run.series[STEP_LOSS].append(np.arange(1, steps + 1), np.linspace(1, 0, steps))
    run.series["validation_loss"] = Series()
    run.series["validation_loss"].append(np.arange(10, steps + 1, 10), np.ones(steps // 10))
    return run


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("steps", [9, 4999, 5000, 5001, 12_345])
def test_every_step_has_its_row(steps: int, tmp_path: Path) -> None:
    run = history(steps)
    run.spans.append(7)
    assert write_table(tmp_path / "a.csv", copy_curves([run]), lambda _: None, lambda: False)
    rows = read(tmp_path / "a.csv")
    assert [int(row["step"]) for row in rows] == list(range(1, steps + 1))
    assert [row["span"] for row in rows[:8]] == ["1"] * 7 + ["2"]
    for row in rows:
        has_value = int(row["step"]) % 10 == 0
        assert row["validation_loss"] == ("1" if has_value else "")
    expected = [f"{value:.7g}" for value in np.linspace(1, 0, steps).astype(np.float32)]
    assert [row[STEP_LOSS] for row in rows] == expected


def test_several_runs_and_one_without_values(tmp_path: Path) -> None:
    runs = [history(20, "first"), RunHistory(name="empty"), history(10, "second")]
    write_table(tmp_path / "a.csv", copy_curves(runs), lambda _: None, lambda: False)
    assert [row["run"] for row in read(tmp_path / "a.csv")] == ["first"] * 20 + ["second"] * 10


def test_cancelled_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    fractions: list[float] = []
    curves = copy_curves([history(20_000)])
    assert not write_table(path, curves, fractions.append, lambda: len(fractions) == 2)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


def test_two_million_steps_do_not_block_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    owner = QObject()
    export = TableExport(owner)
    messages: list[str] = []
    export.progress.connect(messages.append)
    run = history(2_000_000)
    export.start(tmp_path / "long.csv", [run])
    assert not (tmp_path / "long.csv").exists()
    qtbot.waitUntil(lambda: len(messages) > 1, timeout=60_000)
    export.start(tmp_path / "short.csv", [history(10)])
    qtbot.waitUntil(lambda: messages[-1] == "Curves saved as short.csv", timeout=60_000)
    assert messages[0] == "Saving the curves as long.csv: 0%"
    assert len(read(tmp_path / "short.csv")) == 10


def test_table_that_cannot_be_written_is_reported(qtbot: QtBot, tmp_path: Path) -> None:
    owner = QObject()
    export = TableExport(owner)
    with qtbot.waitSignal(export.failed, timeout=10_000) as failed:
        export.start(tmp_path / "missing" / "a.csv", [history(10)])
    assert failed.args[0].startswith("The curves were not saved: ")
