"""Seeds, options, export and progress in the samples panel."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from dlstudio.design.model.values import Value
from dlstudio.gui.forms.setting_editors import ChoiceEditor
from dlstudio.gui.plots.samples.samples_panel import SamplesPanel
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.insight.samples.samples import SampleObserver
from dlstudio.training.options.sampling import SampleRequest
from tests.gui.plots.samples.sample_sessions import create_sessions, show_panel, train

LAYERS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("flatten", {}),
    ("linear", {"out_features": 64}),
    ("reshape", {"shape": (1, 8, 8)}),
    ("output", {"role": "reconstruction"}),
)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[TrainingSession]:
    yield from create_sessions("reconstruction", *LAYERS, noise=0.5)


@pytest.fixture
def panel(session: TrainingSession, qtbot: QtBot) -> SamplesPanel:
    return show_panel(qtbot, session)


def test_drawing_is_hidden_before_the_first_run(panel: SamplesPanel) -> None:
    assert panel.view is None
    assert not panel.drawing.isVisible()


def test_seed_can_be_changed_after_the_run(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    train(qtbot, session, panel)
    assert panel.heading.text().startswith("16 samples · Input · Output · ")
    assert panel.heading.toolTip().splitlines()[1].startswith("Updated every 2 s during training")
    qtbot.mouseClick(panel.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (panel.view and panel.view.seed) == 1, timeout=10_000)
    panel.seed.selectAll()
    qtbot.keyClicks(panel.seed, "7")
    qtbot.keyClick(panel.seed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.seed == 7, timeout=10_000)


def test_invalid_seed_is_reverted(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    train(qtbot, session, panel)
    panel.seed.selectAll()
    qtbot.keyClicks(panel.seed, "many")
    qtbot.keyClick(panel.seed, Qt.Key.Key_Return)
    assert panel.seed.text() == "0"


def test_samples_are_saved_as_an_image(
    qtbot: QtBot,
    session: TrainingSession,
    panel: SamplesPanel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    train(qtbot, session, panel)
    path = tmp_path / "samples.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    panel.save_button.click()
    assert QImage(str(path)).width() == 1600
    missing_path = str(tmp_path / "missing" / "samples.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (missing_path, ""))
    with qtbot.waitSignal(panel.save_failed) as signal:
        panel.save_button.click()
    assert "not saved" in signal.args[0]


def test_options_fit_the_task_and_apply_to_the_next_samples(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    assert panel.options.isHidden()
    train(qtbot, session, panel)
    assert not panel.options.isHidden()
    form = panel.options.form
    assert form is not None
    assert list(form.editors) == ["count", "sampler"]
    form.edited.emit("count", 5)
    qtbot.waitUntil(lambda: panel.view is not None and len(panel.view.rows[0]) == 5, timeout=10_000)
    panel.next_button.click()
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.seed == 1, timeout=10_000)
    assert panel.view is not None
    assert len(panel.view.rows[0]) == 5
    form.edited.emit("count", 10_000)
    assert panel.options.values["count"] == 5


def test_options_can_be_set_with_the_keyboard(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    train(qtbot, session, panel)
    form = panel.options.form
    assert form is not None
    qtbot.mouseClick(panel.options, Qt.MouseButton.LeftButton)
    for name in form.editors:
        focused = panel.options.popover.focusWidget()
        assert focused is not None
        assert form.editors[name].isAncestorOf(focused)
        if name == "count":
            qtbot.keyClick(focused, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            qtbot.keyClicks(focused, "7")
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert panel.options.values["count"] == 7
    assert panel.options.popover.isVisible()
    qtbot.keyClick(panel.options.popover, Qt.Key.Key_Escape)
    assert not panel.options.popover.isVisible()


def test_failing_sampler_is_reverted(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    train(qtbot, session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    qtbot.mouseClick(panel.options, Qt.MouseButton.LeftButton)
    assert panel.options.form is not None
    sampler = panel.options.form.editors["sampler"]
    assert isinstance(sampler, ChoiceEditor)
    qtbot.keyClick(sampler.combo, Qt.Key.Key_Down)
    qtbot.waitUntil(panel.error_label.isVisible, timeout=10_000)
    sampler = panel.options.form.editors["sampler"]
    assert isinstance(sampler, ChoiceEditor)
    assert sampler.combo.currentText() == "Reconstruction"
    panel.options.popover.close()


def test_long_sampling_shows_progress_and_can_be_stopped(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(qtbot, session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)

    def sample_forever(_observer: object, request: SampleRequest, _step: int) -> None:
        while True:
            request.on_progress(0.4)
            time.sleep(0.01)

    monkeypatch.setattr(SampleObserver, "sample_on_copy", sample_forever)
    before = panel.view
    panel.next_button.click()
    qtbot.waitUntil(panel.progress.isVisible, timeout=10_000)
    qtbot.waitUntil(lambda: panel.progress.bar.value() == 400, timeout=10_000)
    qtbot.mouseClick(panel.progress.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert panel.progress.isHidden()
    assert panel.view is before


def test_buttons_hide_their_text_in_a_narrow_panel(panel: SamplesPanel) -> None:
    assert panel.save_button.text() == "Save…"
    panel.resize(400, 260)
    assert panel.save_button.text() == ""
    assert panel.save_button.accessibleName() == "Save…"


def test_hidden_panel_generates_samples_when_shown(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    panel.hide()
    train(qtbot, session, panel)
    assert panel.view is not None
    first = panel.view
    assert first.step <= 1
    assert not panel.is_busy
    panel.show()
    qtbot.waitUntil(lambda: panel.view is not first, timeout=10_000)
    assert panel.view.step == session.run.history.step > 1
