"""The page for own data: what it shows of a table, and how it is corrected."""

from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLabel
from pytestqt.qtbot import QtBot

from dlstudio.gui.data.page.contents.change_actions import LEFT_OUT_ROWS, ShowPlace, UseColumn
from dlstudio.gui.data.page.data_page import DataPage
from dlstudio.gui.data.page.panels.sound_grid import SoundGrid
from dlstudio.gui.data.page.side.split_section import split_text
from dlstudio.gui.data.page.side.target_section import target_text
from dlstudio.gui.data.page.table.table_model import RowFilter
from dlstudio.gui.runs.data_baselines import DataBaselines
from dlstudio.training.specs.first_network import first_network
from tests.gui.data.page.page_helpers import actions, read


def role_of(page: DataPage, name: str) -> str:
    table = page.table.model.table
    assert table is not None
    return next(column.role for column in table.columns if column.name == name)


def test_table_is_shown_with_what_was_left_out(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    model = page.table.model
    assert (model.rowCount(), model.columnCount()) == (120, 5)
    assert role_of(page, "id") == "left out"
    assert role_of(page, "let_in") == "target"
    assert model.headerData(0, Qt.Orientation.Vertical) == "2"
    assert model.data(model.index(5, 2)) == model.column(2).fill
    titles = [entry.title for entry in page.changes.entries]
    assert any(title.startswith("2 rows left out: the target") for title in titles)
    assert any("'on request'" in title for title in titles)
    assert any(title.startswith("id left out") for title in titles)
    assert any(title.startswith("2 empty cells filled with the median") for title in titles)


def test_rows_left_out_can_be_shown_alone(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    place = next(action for action in actions(page) if isinstance(action, ShowPlace))
    page.changes.action_requested.emit(place)
    assert page.table.model.rowCount() == 3
    page.table.show_rows(RowFilter.GAPS)
    assert page.table.model.rowCount() == 2


def test_column_left_out_can_be_used_anyway(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    use = next(action for action in actions(page) if isinstance(action, UseColumn))
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        page.changes.action_requested.emit(use)
    assert role_of(page, "id") == "input"
    assert page.settings.options["columns"] == {"id": "number"}


def test_menu_of_a_column_changes_its_use(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    menu = page.table.create_role_menu(page.table.model.column(2))
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        next(a for a in menu.actions() if a.text() == "Target: number").trigger()
    assert role_of(page, "area") == "target"
    assert role_of(page, "let_in") == "input"
    assert page.network is not None
    assert page.network.project.training.task == "regression"
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        page.choose_use("let_in", "class")
    assert page.settings.options["columns"] == {"let_in": "class"}


def test_split_is_changed_by_the_keyboard(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        for _ in range(5):
            qtbot.keyClick(page.side.split.bar, Qt.Key.Key_Left)
    assert page.settings.split.validation > 0.15
    assert page.settings.split.test == pytest.approx(0.15)


def test_without_a_target_the_button_waits_with_a_reason(
    page: DataPage, flats: Path, qtbot: QtBot
) -> None:
    read(page, flats, qtbot)
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        page.choose_use("let_in", "ignore")
    assert not page.side.foot.train_button.isEnabled()
    assert "no column to predict" in page.side.foot.reason.text()
    assert page.table.model.rowCount() == 120


def test_unreadable_file_is_explained(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "header.csv"
    path.write_text("a,b,c\n", encoding="utf-8")
    read(page, path, qtbot)
    assert "A table needs one sample per line" in page.empty.text
    assert page.contents is None


def test_rows_of_arrays_are_shown(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "arrays.npz"
    np.savez(path, x=np.random.default_rng(0).normal(size=(50, 3)), y=np.arange(50) % 2)
    read(page, path, qtbot)
    assert page.table.model.columnCount() == 4
    assert page.table.model.rowCount() > 20


def test_baseline_is_known_for_the_data_of_the_first_network(
    page: DataPage, flats: Path, qtbot: QtBot
) -> None:
    baselines = DataBaselines()
    page.baseline_known.connect(baselines.add)
    read(page, flats, qtbot)
    assert page.network is not None
    data = page.network.project.data
    baseline = baselines.find(data, "")
    assert baseline is not None
    assert baseline.linear_title == "logistic regression"
    stored = replace(data, options={**data.options, "path": flats.name})
    assert baselines.find(stored, flats.parent) is baseline


def test_escape_closes_the_page(page: DataPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.closed):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_wide_table_builds_no_widget_for_each_column(
    page: DataPage, tmp_path: Path, qtbot: QtBot
) -> None:
    names = [f"gene_{index}" for index in range(600)]
    rows = [",".join(str((row * 7 + index) % 11) for index in range(600)) for row in range(30)]
    rows = [f"{row},{'ab'[index % 2]}" for index, row in enumerate(rows)]
    path = tmp_path / "genes.csv"
    path.write_text("\n".join([",".join([*names, "kind"]), *rows]), encoding="utf-8")
    read(page, path, qtbot)
    assert page.table.model.columnCount() == 601
    assert len(page.table.findChildren(object)) < 60


def test_subsets_of_a_folder_are_shown_and_fixed(
    page: DataPage, tmp_path: Path, qtbot: QtBot
) -> None:
    random = np.random.default_rng(0)
    for subset, count in (("train", 6), ("val", 2), ("test", 4)):
        for kind in ("ants", "bees"):
            folder = tmp_path / "insects" / subset / kind
            folder.mkdir(parents=True)
            for index in range(count):
                image = random.integers(0, 255, (16, 16, 3), dtype=np.uint8)
                Image.fromarray(image).save(folder / f"{index}.png")
    read(page, tmp_path / "insects", qtbot)
    side = page.side
    assert page.contents is not None
    assert page.contents.own_subsets == ("test", "validation")
    assert not side.split.bar.isEnabled()
    assert side.target.target.currentText() == "class"
    assert split_text(page.contents, set(page.contents.own_subsets)) == "the subsets of the data"


def test_sounds_are_called_spectrograms(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    for kind, pitch in (("high", 900), ("low", 200)):
        folder = tmp_path / "tones" / kind
        folder.mkdir(parents=True)
        for index in range(6):
            write_wave(folder / f"{index}.wav", pitch)
    read(page, tmp_path / "tones", qtbot)
    assert page.contents is not None
    network = first_network(page.settings, page.contents.info)
    assert network.parts[0].reason.startswith("spectrograms of ")


def test_short_sounds_have_a_waveform_and_hatched_padding(
    page: DataPage, tmp_path: Path, qtbot: QtBot
) -> None:
    for kind, pitch in (("high", 900), ("low", 200)):
        folder = tmp_path / "tones" / kind
        folder.mkdir(parents=True)
        for index in range(6):
            write_wave(folder / f"{index}.wav", pitch)
    read(page, tmp_path / "tones", qtbot)
    contents = page.contents
    assert contents is not None
    assert contents.preview is not None
    assert len(contents.outlines) == len(contents.preview.images)
    assert contents.durations.tolist() == pytest.approx([0.5] * len(contents.durations))
    half = contents.outlines.shape[2] // 2
    assert contents.outlines[:, 1, : half - 1].min() > 0.3
    assert not contents.outlines[:, :, half + 1 :].any()
    grid = page.samples.findChild(SoundGrid)
    assert grid is not None
    image = grid.grab().toImage()
    assert len({image.pixel(30, y) for y in range(50, 112)}) > 1


def test_token_of_a_text_is_explained(page: DataPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "poem.txt"
    path.write_text("the rose is red, the violet blue. " * 60, encoding="utf-8")
    read(page, path, qtbot)
    assert page.contents is not None
    assert target_text(page.contents).startswith("Each token (one character)")
    remarks = [label.text() for label in page.samples.findChildren(QLabel)]
    assert any(text.endswith("a token is one character") for text in remarks)


def write_wave(path: Path, pitch: float) -> None:
    times = np.arange(4000) / 8000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((20_000 * np.sin(2 * np.pi * pitch * times)).astype("<i2").tobytes())


def test_other_file_is_shown_from_its_start(
    page: DataPage, flats: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "others.csv"
    other.write_bytes(flats.read_bytes())
    page.resize(700, 480)
    read(page, flats, qtbot)
    page.table.show_place(ShowPlace(LEFT_OUT_ROWS))
    page.table.show_place(ShowPlace(columns=("area",)))
    areas = [area for area in page.findChildren(QAbstractScrollArea) if area.isVisible()]
    bars = [bar for area in areas for bar in (area.verticalScrollBar(), area.horizontalScrollBar())]
    for bar in bars:
        bar.setValue(bar.maximum())
    assert sum(bar.value() > 0 for bar in bars) >= 3
    read(page, other, qtbot)
    assert not any(bar.value() for bar in bars)
    assert page.table.model.marked is None
    assert not page.table.header.marked
    page.table.show_rows(RowFilter.LEFT_OUT)
    read(page, flats, qtbot)
    assert page.table.model.row_filter is RowFilter.ALL


def test_classes_are_dimmed_while_another_target_is_read(
    page: DataPage, flats: Path, qtbot: QtBot
) -> None:
    read(page, flats, qtbot)
    assert not page.classes.is_busy
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        page.choose_use("let_in", "class")
        assert page.classes.is_busy
    assert not page.classes.is_busy
