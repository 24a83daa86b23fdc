from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.edits import set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save
from dlstudio.design.model.model import Project
from dlstudio.gui.dialogs.import_weights_dialog import ImportWeightsDialog
from dlstudio.gui.runs.weights_store import save_design_weights
from dlstudio.gui.style.theme import apply_theme, current_theme
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import read_weights, save_weights


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> ImportWeightsDialog:
    window.build_plots()
    window.document.load(load(example_path("digits-mlp")), None)
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    return window.dialogs.show_import_weights()


def trained_copy(window: MainWindow, folder: Path, **changes: object) -> tuple[Path, Project]:
    """Save a copy of the window's design with different weights."""
    project = window.document.project
    if changes:
        project = set_settings(project, ["linear_1"], changes)
    module = compile_design(project, info_of(project.data), seed=99).single.module
    weights = folder / "other.safetensors"
    save_weights(module, weights)
    path = folder / "other.dlstudio"
    save(replace(project, weights=save_design_weights(weights, path)), path)
    return path, project


def preview_file(qtbot: QtBot, dialog: ImportWeightsDialog, file: Path) -> None:
    dialog.file.setFocus()
    dialog.file.setText(str(file))
    qtbot.keyClick(dialog.file, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog.preview.rows or dialog.preview.error), timeout=20_000)


def import_weights(dialog: ImportWeightsDialog) -> None:
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()


def test_imported_weights_are_used_by_the_next_run(
    qtbot: QtBot, window: MainWindow, dialog: ImportWeightsDialog, tmp_path: Path
) -> None:
    file, other = trained_copy(window, tmp_path)
    preview_file(qtbot, dialog, file)
    assert dialog.summary.text().startswith(
        f"{dialog.preview.tensors} of {dialog.preview.tensors} "
    )
    import_weights(dialog)
    weights = window.run_controller.weights
    assert weights is not None
    expected = compile_design(other, info_of(other.data), seed=99).single.module.state_dict()
    weights_in_file = read_weights(weights)
    assert all(torch.equal(weights_in_file[name], expected[name]) for name in weights_in_file)
    assert not window.document.is_clean


def test_fully_matched_layers_can_be_frozen(
    qtbot: QtBot, window: MainWindow, dialog: ImportWeightsDialog, tmp_path: Path
) -> None:
    file, _ = trained_copy(window, tmp_path, out_features=11)
    preview_file(qtbot, dialog, file)
    notes = [dialog.layers.topLevelItem(index).text(2) for index in range(len(dialog.preview.rows))]
    assert any("here" in note and "in the file" in note for note in notes)
    complete = [row.path for row in dialog.preview.rows if row.is_complete]
    assert complete
    assert "linear_1" not in complete
    dialog.freeze.setChecked(True)
    import_weights(dialog)
    nodes = window.document.project.graph.nodes
    assert [node_id for node_id in nodes if nodes[node_id].settings.get("frozen")] == complete
    window.document.undo_stack.undo()
    nodes = window.document.project.graph.nodes
    assert not any(node.settings.get("frozen") for node in nodes.values())


def test_message_explains_how_to_reset_the_weights(
    qtbot: QtBot, window: MainWindow, dialog: ImportWeightsDialog, tmp_path: Path
) -> None:
    file, _ = trained_copy(window, tmp_path)
    preview_file(qtbot, dialog, file)
    messages: list[str] = []
    window.document.message.connect(messages.append)
    import_weights(dialog)
    assert file.name in messages[-1]
    assert "Train › Reset" in messages[-1]
    window.menus.trigger("reset")
    assert window.run_controller.weights is None


def test_tensors_with_other_names_are_matched_by_order(
    qtbot: QtBot, window: MainWindow, dialog: ImportWeightsDialog, tmp_path: Path
) -> None:
    _, project = trained_copy(window, tmp_path)
    module = compile_design(project, info_of(project.data)).single.module
    renamed = {f"features.{index}.{name.rpartition('.')[2]}": tensor for index, (name, tensor)
               in enumerate(module.state_dict().items())}  # fmt: skip
    torch.save(renamed, tmp_path / "foreign.pt")
    preview_file(qtbot, dialog, tmp_path / "foreign.pt")
    assert "No weights in this file match" in dialog.summary.text()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.match_mode.setCurrentIndex(1)
    dialog.match_mode.activated.emit(1)
    qtbot.waitUntil(lambda: dialog.preview.matched > 0, timeout=20_000)
    assert dialog.preview.matched == dialog.preview.tensors


def test_file_without_weights_is_reported_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, dialog: ImportWeightsDialog, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.pt"
    bad.write_bytes(b"nothing")
    preview_file(qtbot, dialog, bad)
    assert "not a PyTorch state dict" in dialog.summary.text()
    import_weights(dialog)
    assert window.run_controller.weights is None


def test_import_button_is_disabled_without_weights(
    window: MainWindow, dialog: ImportWeightsDialog
) -> None:
    apply_theme("dark")
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not button.isEnabled()
    background = button.grab().toImage().pixelColor(6, button.height() // 2)
    assert background != current_theme().colour("accent")


@pytest.mark.parametrize("content", [b"junk" * 50, b"\x80\x02j\xff\xff\xff\xff.", b"text\n" * 30])
def test_junk_file_is_rejected_with_a_message(
    qtbot: QtBot, dialog: ImportWeightsDialog, tmp_path: Path, content: bytes
) -> None:
    junk = tmp_path / "junk.pt"
    junk.write_bytes(content)
    preview_file(qtbot, dialog, junk)
    assert dialog.summary.text().startswith("junk.pt is ")
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_shipped_trunk_is_imported_and_frozen(
    qtbot: QtBot, window: MainWindow, dialog: ImportWeightsDialog
) -> None:
    dialog.reject()
    window.files.open_example("transfer-digits")
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=20_000)
    dialog = window.dialogs.show_import_weights()
    (trunk,) = (
        action
        for action in dialog.examples_button.menu().actions()
        if action.text() == "mnist-trunk"
    )
    trunk.trigger()
    qtbot.waitUntil(lambda: bool(dialog.preview.rows), timeout=20_000)
    complete = {row.path for row in dialog.preview.rows if row.is_complete}
    assert {row.path for row in dialog.preview.rows} - complete == {"new_head"}
    assert not dialog.preview.unused
    dialog.freeze.setChecked(True)
    import_weights(dialog)
    nodes = window.document.project.graph.nodes
    assert {node_id for node_id in nodes if nodes[node_id].settings.get("frozen")} == complete
