from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from dlstudio.data.facts import facts_of
from dlstudio.design.edits import set_settings
from dlstudio.design.examples import example_path
from dlstudio.design.files import load, save
from dlstudio.design.model import Project
from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.theme import apply_theme, current
from dlstudio.gui.transfer_dialog import TransferDialog
from dlstudio.gui.weights_store import keep_weights
from dlstudio.network.compile import compile_design
from dlstudio.network.weights import read_weights, save_weights


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> TransferDialog:
    window.furnish()
    window.document.load(load(example_path("digits-mlp")), None)
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    return window.dialogs.show_transfer()


def trained_copy(window: MainWindow, folder: Path, **changes: object) -> tuple[Path, Project]:
    """Save a design like the window's with weights of its own beside it."""
    project = window.document.project
    if changes:
        project = set_settings(project, ["linear_1"], changes)
    module = compile_design(project, facts_of(project.data), seed=99).single.module
    weights = folder / "other.safetensors"
    save_weights(module, weights)
    place = folder / "other.dlstudio"
    save(replace(project, weights=keep_weights(weights, place)), place)
    return place, project


def look_at(qtbot: QtBot, dialog: TransferDialog, file: Path) -> None:
    dialog.file.setFocus()
    dialog.file.setText(str(file))
    qtbot.keyClick(dialog.file, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog.offer.rows or dialog.offer.error), timeout=20_000)


def take_over(dialog: TransferDialog) -> None:
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()


def test_the_next_run_begins_with_the_weights_of_another_design(
    qtbot: QtBot, window: MainWindow, dialog: TransferDialog, tmp_path: Path
) -> None:
    file, other = trained_copy(window, tmp_path)
    look_at(qtbot, dialog, file)
    assert dialog.summary.text().startswith(f"{dialog.offer.tensors} of {dialog.offer.tensors} ")
    take_over(dialog)
    weights = window.run_control.weights
    assert weights is not None
    wanted = compile_design(other, facts_of(other.data), seed=99).single.module.state_dict()
    found = read_weights(weights)
    assert all(torch.equal(found[name], wanted[name]) for name in found)
    assert not window.document.is_clean


def test_layers_taken_over_whole_are_frozen_on_wish_and_undo_thaws_them(
    qtbot: QtBot, window: MainWindow, dialog: TransferDialog, tmp_path: Path
) -> None:
    file, _ = trained_copy(window, tmp_path, out_features=11)
    look_at(qtbot, dialog, file)
    notes = [dialog.layers.topLevelItem(at).text(2) for at in range(len(dialog.offer.rows))]
    assert any("here" in each and "in the file" in each for each in notes)
    whole = [row.path for row in dialog.offer.rows if row.complete]
    assert whole
    assert "linear_1" not in whole
    dialog.freeze.setChecked(True)
    take_over(dialog)
    nodes = window.document.project.graph.nodes
    assert [each for each in nodes if nodes[each].settings.get("frozen")] == whole
    window.document.undo_stack.undo()
    nodes = window.document.project.graph.nodes
    assert not any(node.settings.get("frozen") for node in nodes.values())


def test_what_is_said_tells_the_way_back(
    qtbot: QtBot, window: MainWindow, dialog: TransferDialog, tmp_path: Path
) -> None:
    file, _ = trained_copy(window, tmp_path)
    look_at(qtbot, dialog, file)
    told: list[str] = []
    window.document.message.connect(told.append)
    take_over(dialog)
    assert file.name in told[-1]
    assert "Train › Reset" in told[-1]
    window.menus.trigger("reset")
    assert window.run_control.weights is None


def test_names_of_another_world_match_by_order(
    qtbot: QtBot, window: MainWindow, dialog: TransferDialog, tmp_path: Path
) -> None:
    _, project = trained_copy(window, tmp_path)
    module = compile_design(project, facts_of(project.data)).single.module
    foreign = {f"features.{at}.{name.rpartition('.')[2]}": each for at, (name, each)
               in enumerate(module.state_dict().items())}  # fmt: skip
    torch.save(foreign, tmp_path / "foreign.pt")
    look_at(qtbot, dialog, tmp_path / "foreign.pt")
    assert "Nothing in this file fits" in dialog.summary.text()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.by.setCurrentIndex(1)
    dialog.by.activated.emit(1)
    qtbot.waitUntil(lambda: dialog.offer.taken > 0, timeout=20_000)
    assert dialog.offer.taken == dialog.offer.tensors


def test_a_file_without_weights_is_named_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, dialog: TransferDialog, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.pt"
    bad.write_bytes(b"nothing")
    look_at(qtbot, dialog, bad)
    assert "no PyTorch state dict" in dialog.summary.text()
    take_over(dialog)
    assert window.run_control.weights is None


def test_the_button_looks_disabled_while_there_is_nothing_to_take(
    window: MainWindow, dialog: TransferDialog
) -> None:
    apply_theme("dark")
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not button.isEnabled()
    seen = button.grab().toImage().pixelColor(6, button.height() // 2)
    assert seen != current().colour("accent")


@pytest.mark.parametrize("content", [b"junk" * 50, b"\x80\x02j\xff\xff\xff\xff.", b"text\n" * 30])
def test_junk_is_refused_in_words(
    qtbot: QtBot, dialog: TransferDialog, tmp_path: Path, content: bytes
) -> None:
    junk = tmp_path / "junk.pt"
    junk.write_bytes(content)
    look_at(qtbot, dialog, junk)
    assert dialog.summary.text().startswith("junk.pt is ")
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_a_class_takes_over_the_trunk_that_ships_and_trains_the_head_alone(
    qtbot: QtBot, window: MainWindow, dialog: TransferDialog
) -> None:
    dialog.reject()
    window.files.open_example("transfer-digits")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    dialog = window.dialogs.show_transfer()
    (trunk,) = (each for each in dialog.shipped.menu().actions() if each.text() == "mnist-trunk")
    trunk.trigger()
    qtbot.waitUntil(lambda: bool(dialog.offer.rows), timeout=20_000)
    whole = {row.path for row in dialog.offer.rows if row.complete}
    assert {row.path for row in dialog.offer.rows} - whole == {"new_head"}
    assert not dialog.offer.unused
    dialog.freeze.setChecked(True)
    take_over(dialog)
    nodes = window.document.project.graph.nodes
    assert {each for each in nodes if nodes[each].settings.get("frozen")} == whole
