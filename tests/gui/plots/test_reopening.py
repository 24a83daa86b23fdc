from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data, set_settings, set_training, set_weights
from dlstudio.design.examples import example_path
from dlstudio.design.files import load, save
from dlstudio.gui.main_window import MainWindow
from dlstudio.gui.panels.inspector.node_page import NodePage
from dlstudio.gui.session import IDLE
from dlstudio.gui.weights_store import keep_weights
from dlstudio.training.events import Finished, RunOptions
from dlstudio.training.loop import train

LONG = 60_000


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """Return a design of the digits, trained and saved with its weights."""
    project = load(example_path("digits-cnn"))
    options = RunOptions(threads=1, epochs=1, runs_dir=str(tmp_path / "runs"))
    *_, finished = train(project, options)
    assert isinstance(finished, Finished), finished
    path = tmp_path / "digits.dlstudio"
    save(set_weights(project, keep_weights(Path(finished.weights_file), path)), path)
    return path


@pytest.fixture
def opened(window: MainWindow, design: Path, qtbot: QtBot) -> MainWindow:
    assert window.files.open_path(design), window.questions.told
    qtbot.waitUntil(lambda: window.activations.view is not None, timeout=LONG)
    return window


def widen(window: MainWindow) -> None:
    window.document.try_edit(
        lambda project: set_settings(project, ("conv2d_1",), {"out_channels": 24}), "Widen"
    )


def test_an_opened_trained_design_shows_what_it_makes_of_a_sample(opened: MainWindow) -> None:
    opened.document.set_selection(["conv2d_1"])
    panel = opened.activations
    assert panel.heading.text() == "conv2d_1 · 16 feature maps · sample 0 of the test set"
    assert panel.step_text.text() == "with the restored weights"
    assert "answer" in panel.bars.accessibleName()
    assert {"input_1", "conv2d_1"} <= opened.editor.stage.scene.thumbnails.paths
    assert isinstance(opened.inspector.page, NodePage)
    assert opened.inspector.page.responses.grid.images


def test_a_look_at_restored_weights_is_of_no_step(opened: MainWindow, qtbot: QtBot) -> None:
    opened.bottom.show_tab("probe")
    qtbot.mouseClick(opened.probe.bar.begin, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.probe.view is not None, timeout=LONG)
    assert opened.probe.heading.toolTip().endswith(" · with the restored weights")


def test_another_sample_can_be_chosen_without_a_run(opened: MainWindow, qtbot: QtBot) -> None:
    panel = opened.activations
    qtbot.mouseClick(panel.chooser.forth, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.choice.index == 1)
    assert opened.session.state == IDLE


def test_an_edit_that_the_weights_do_not_fit_takes_the_views_away_until_undone(
    opened: MainWindow, qtbot: QtBot
) -> None:
    emitted: list[dict[str, object]] = []
    opened.activations.thumbnails.connect(emitted.append)
    widen(opened)
    qtbot.waitUntil(lambda: opened.activations.view is None, timeout=LONG)
    assert emitted[-1] == {}
    opened.document.undo_stack.undo()
    qtbot.waitUntil(lambda: opened.activations.view is not None, timeout=LONG)
    assert emitted[-1]


def test_more_epochs_leave_the_views(opened: MainWindow, qtbot: QtBot) -> None:
    lost_signals: list[None] = []
    opened.network.lost.connect(lambda: lost_signals.append(None))
    opened.document.try_edit(
        lambda project: set_training(project, replace(project.training, epochs=9)), "More epochs"
    )
    qtbot.waitUntil(lambda: opened.checker.is_current, timeout=LONG)
    assert opened.activations.view is not None
    assert not lost_signals


def test_other_data_takes_the_sample_away_at_once(opened: MainWindow) -> None:
    other = replace(opened.document.project.data, source="circles")
    opened.document.try_edit(lambda project: set_data(project, other), "Use circles")
    assert opened.activations.view is None


def test_a_run_brings_views_of_its_own(opened: MainWindow, qtbot: QtBot) -> None:
    panel = opened.activations
    opened.session.step()
    assert panel.view is None
    qtbot.waitUntil(lambda: opened.session.state == "paused", timeout=LONG)
    qtbot.waitUntil(lambda: panel.view is not None, timeout=LONG)
    assert panel.step_text.text().startswith("step ")
    opened.document.set_selection(["linear_1"])
    assert panel.heading.text().startswith("linear_1")


def test_a_run_that_begins_meanwhile_ends_the_reading(
    window: MainWindow, design: Path, qtbot: QtBot
) -> None:
    window.files.open_path(design)
    qtbot.waitUntil(lambda: window.network.is_reading, timeout=LONG)
    window.session.step()
    assert not window.network.is_reading
    qtbot.waitUntil(lambda: window.activations.view is not None, timeout=LONG)
    assert window.activations.step_text.text().startswith("step ")


def test_resetting_the_weights_takes_the_views_away(opened: MainWindow) -> None:
    opened.run_control.reset()
    assert opened.activations.view is None


def test_data_that_is_not_there_is_neither_fetched_nor_spoken_of(
    window: MainWindow, design: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DLSTUDIO_DATA", str(tmp_path / "data"))
    project = load(design)
    save(set_data(project, replace(project.data, source="mnist")), design)
    messages: list[str] = []
    window.document.message.connect(messages.append)
    window.files.open_path(design)
    qtbot.waitUntil(lambda: window.checker.is_current, timeout=LONG)
    assert window.activations.is_busy
    qtbot.waitUntil(lambda: not window.activations.is_busy, timeout=LONG)
    assert window.activations.view is None
    assert len(messages) == 1
    assert messages[0].startswith("Trained weights restored")
    assert not (tmp_path / "data").exists()


def open_samples(window: MainWindow, qtbot: QtBot) -> None:
    window.bottom.show_tab("samples")
    qtbot.waitUntil(lambda: window.samples.view is not None, timeout=LONG)


@pytest.fixture
def generating(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """Return a window with an opened, trained network that makes points out of noise."""
    project = load(example_path("gan-ring"))
    options = RunOptions(threads=1, epochs=1, runs_dir=str(tmp_path / "runs"))
    *_, finished = train(project, options)
    assert isinstance(finished, Finished), finished
    path = tmp_path / "generating.dlstudio"
    save(set_weights(project, keep_weights(Path(finished.weights_file), path)), path)
    assert window.files.open_path(path), window.questions.told
    qtbot.waitUntil(lambda: window.activations.view is not None, timeout=LONG)
    return window


def test_samples_of_an_opened_design_are_made_once_somebody_looks(
    generating: MainWindow, qtbot: QtBot
) -> None:
    panel = generating.samples
    assert panel.view is None
    assert not panel.is_busy
    open_samples(generating, qtbot)
    assert panel.heading.text().endswith("with the restored weights")
    qtbot.mouseClick(panel.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.seed == 1, timeout=LONG)
    assert generating.session.state == IDLE


def test_samples_go_when_the_weights_fit_no_longer(generating: MainWindow, qtbot: QtBot) -> None:
    open_samples(generating, qtbot)
    other = replace(generating.document.project.data, source="circles")
    generating.document.try_edit(lambda project: set_data(project, other), "Use circles")
    assert generating.samples.view is None


def test_a_run_draws_samples_of_its_own(generating: MainWindow, qtbot: QtBot) -> None:
    open_samples(generating, qtbot)
    generating.session.step()
    qtbot.waitUntil(lambda: generating.session.state == "paused", timeout=LONG)
    qtbot.waitUntil(lambda: generating.samples.view is not None, timeout=LONG)
    assert generating.samples.heading.text().endswith("step 1")
