from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data, set_settings, set_training, set_weights
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save
from dlstudio.gui.inspector.node_page import NodePage
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.runs.weights_store import save_design_weights
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Finished, RunOptions

LONG = 60_000


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """Return a trained digits design, saved with its weights."""
    project = load(example_path("digits-cnn"))
    options = RunOptions(threads=1, epochs=1, runs_dir=str(tmp_path / "runs"))
    *_, finished = train(project, options)
    assert isinstance(finished, Finished), finished
    path = tmp_path / "digits.dlstudio"
    save(set_weights(project, save_design_weights(Path(finished.weights_file), path)), path)
    return path


@pytest.fixture
def opened_window(window: MainWindow, design: Path, qtbot: QtBot) -> MainWindow:
    assert window.files.open_path(design), window.prompts.messages
    qtbot.waitUntil(lambda: window.panels.activations.view is not None, timeout=LONG)
    return window


def widen_layer(window: MainWindow) -> None:
    window.document.try_edit(
        lambda project: set_settings(project, ("conv2d_1",), {"out_channels": 24}), "Widen"
    )


def test_opened_trained_design_shows_activations(opened_window: MainWindow) -> None:
    opened_window.document.set_selection(["conv2d_1"])
    panel = opened_window.panels.activations
    assert panel.heading.text() == "conv2d_1 · 16 feature maps · sample 0 of the test set"
    assert panel.step_text.text() == "epoch 1 (last)"
    assert "predicted" in panel.bars.accessibleName()
    assert {"input_1", "conv2d_1"} <= opened_window.editor.context.scene.thumbnails.paths
    assert isinstance(opened_window.inspector.page, NodePage)
    assert opened_window.inspector.page.output_preview.grid.images


def test_analysis_of_restored_weights_shows_no_step(
    opened_window: MainWindow, qtbot: QtBot
) -> None:
    opened_window.bottom.show_tab("probe")
    qtbot.mouseClick(opened_window.panels.probe.toolbar.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened_window.panels.probe.view is not None, timeout=LONG)
    assert opened_window.panels.probe.heading.toolTip().endswith(" · epoch 1 (last)")


def test_sample_can_be_changed_without_a_run(opened_window: MainWindow, qtbot: QtBot) -> None:
    panel = opened_window.panels.activations
    qtbot.mouseClick(panel.chooser.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.choice.index == 1)
    assert opened_window.session.state == IDLE


def test_incompatible_edit_clears_the_views_until_undone(
    opened_window: MainWindow, qtbot: QtBot
) -> None:
    emitted: list[dict[str, object]] = []
    opened_window.panels.activations.thumbnails_changed.connect(emitted.append)
    widen_layer(opened_window)
    qtbot.waitUntil(lambda: opened_window.panels.activations.view is None, timeout=LONG)
    assert emitted[-1] == {}
    opened_window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: opened_window.panels.activations.view is not None, timeout=LONG)
    assert emitted[-1]


def test_changing_epochs_keeps_the_views(opened_window: MainWindow, qtbot: QtBot) -> None:
    changes: list[None] = []
    opened_window.panels.trained_network.changed.connect(lambda: changes.append(None))
    opened_window.document.try_edit(
        lambda project: set_training(project, replace(project.training, epochs=9)), "More epochs"
    )
    qtbot.waitUntil(lambda: opened_window.checker.is_current, timeout=LONG)
    assert opened_window.panels.activations.view is not None
    assert not changes


def test_changing_the_data_clears_the_sample_at_once(opened_window: MainWindow) -> None:
    other = replace(opened_window.document.project.data, source="circles")
    opened_window.document.try_edit(lambda project: set_data(project, other), "Use circles")
    assert opened_window.panels.activations.view is None


def test_run_replaces_the_restored_views(opened_window: MainWindow, qtbot: QtBot) -> None:
    panel = opened_window.panels.activations
    opened_window.session.step()
    assert panel.view is None
    qtbot.waitUntil(lambda: opened_window.session.state == "paused", timeout=LONG)
    qtbot.waitUntil(lambda: panel.view is not None, timeout=LONG)
    assert panel.step_text.text().startswith("training, epoch 1 · step ")
    opened_window.document.set_selection(["linear_1"])
    assert panel.heading.text().startswith("linear_1")


def test_starting_a_run_cancels_loading(window: MainWindow, design: Path, qtbot: QtBot) -> None:
    window.files.open_path(design)
    qtbot.waitUntil(lambda: window.panels.trained_network.is_loading, timeout=LONG)
    window.session.step()
    assert not window.panels.trained_network.is_loading
    qtbot.waitUntil(lambda: window.panels.activations.view is not None, timeout=LONG)
    assert window.panels.activations.step_text.text().startswith("training, epoch 1 · step ")


def test_resetting_the_weights_clears_the_views(opened_window: MainWindow) -> None:
    opened_window.run_controller.reset()
    assert opened_window.panels.activations.view is None


def test_missing_data_is_neither_downloaded_nor_reported(
    window: MainWindow, design: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DLSTUDIO_DATA", str(tmp_path / "data"))
    project = load(design)
    save(set_data(project, replace(project.data, source="fashion-mnist")), design)
    messages: list[str] = []
    window.document.message.connect(messages.append)
    window.files.open_path(design)
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=LONG)
    assert window.panels.activations.is_busy
    qtbot.waitUntil(lambda: not window.panels.activations.is_busy, timeout=LONG)
    assert window.panels.activations.view is None
    assert len(messages) == 1
    assert messages[0].startswith("Trained weights loaded")
    assert not (tmp_path / "data").exists()


def test_drawn_digits_stand_in_for_mnist(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DLSTUDIO_DATA", str(tmp_path / "data"))
    window.files.open_example("mnist-cnn")
    panels = window.panels
    qtbot.waitUntil(lambda: panels.activations.view is not None, timeout=LONG)
    note = "50 digits drawn for dlstudio; MNIST is not downloaded"
    assert panels.activations.heading.toolTip().endswith(f" · sample 0 of {note}")
    assert panels.activations.view.samples == 50
    open_samples(window, qtbot)
    expected = f" · loaded from mnist-cnn.safetensors · {note}"
    assert panels.samples.heading.toolTip().endswith(expected)
    window.bottom.show_tab("probe")
    qtbot.mouseClick(panels.probe.toolbar.start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panels.probe.toolbar.task.is_busy, timeout=LONG)
    assert panels.probe.view is None
    assert not (tmp_path / "data").exists()


def open_samples(window: MainWindow, qtbot: QtBot) -> None:
    window.bottom.show_tab("samples")
    qtbot.waitUntil(lambda: window.panels.samples.view is not None, timeout=LONG)


@pytest.fixture
def gan_window(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """Return a window with a trained GAN that generates 2-D points."""
    project = load(example_path("gan-ring"))
    options = RunOptions(threads=1, epochs=1, runs_dir=str(tmp_path / "runs"))
    *_, finished = train(project, options)
    assert isinstance(finished, Finished), finished
    path = tmp_path / "generating.dlstudio"
    save(set_weights(project, save_design_weights(Path(finished.weights_file), path)), path)
    assert window.files.open_path(path), window.prompts.messages
    qtbot.waitUntil(lambda: window.panels.activations.view is not None, timeout=LONG)
    return window


def test_samples_of_opened_design_are_generated_once_visible(
    gan_window: MainWindow, qtbot: QtBot
) -> None:
    panel = gan_window.panels.samples
    assert panel.view is None
    assert not panel.is_busy
    open_samples(gan_window, qtbot)
    assert panel.heading.text().endswith("epoch 1 (last)")
    qtbot.mouseClick(panel.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.seed == 1, timeout=LONG)
    assert gan_window.session.state == IDLE


def test_samples_are_cleared_if_the_weights_no_longer_fit(
    gan_window: MainWindow, qtbot: QtBot
) -> None:
    open_samples(gan_window, qtbot)
    other = replace(gan_window.document.project.data, source="circles")
    gan_window.document.try_edit(lambda project: set_data(project, other), "Use circles")
    assert gan_window.panels.samples.view is None


def test_run_replaces_the_restored_samples(gan_window: MainWindow, qtbot: QtBot) -> None:
    open_samples(gan_window, qtbot)
    gan_window.session.step()
    qtbot.waitUntil(lambda: gan_window.session.state == "paused", timeout=LONG)
    qtbot.waitUntil(lambda: gan_window.panels.samples.view is not None, timeout=LONG)
    assert gan_window.panels.samples.heading.text().endswith("step 1")
