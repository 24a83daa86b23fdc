from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from dlstudio.data.load import load_data
from dlstudio.design.edits import append_after, set_data, set_training
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Ref, Value
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.setting_editors import ChoiceEditor, TextEditor
from dlstudio.gui.plots.samples.samples_panel import SamplesPanel
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.insight.samples.samples import SampleObserver
from dlstudio.training.options.sampling import SampleRequest

LAYERS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("flatten", {}),
    ("linear", {"out_features": 64}),
    ("reshape", {"shape": (1, 8, 8)}),
    ("output", {"role": "reconstruction"}),
)


def create_sessions(
    task: str,
    *layers: tuple[str, dict[str, Value]],
    input_role: str = "samples",
    data: DataSettings | None = None,
    **settings: Value,
) -> Iterator[TrainingSession]:
    project, last = Project(), None
    for kind, layer_settings in (("input", {"role": input_role}), *layers):
        project, last = append_after(project, last, kind, layer_settings)
    loss = "cross-entropy" if input_role == "tokens" else "mse"
    training = replace(project.training, task=task, loss=loss, epochs=1, task_settings=settings)
    document = Document()
    document.load(set_data(set_training(project, training), data or project.data), None)
    session = TrainingSession(document)
    yield session
    session.stop()
    assert session.wait(30)


def show_panel(qtbot: QtBot, session: TrainingSession) -> SamplesPanel:
    panel = SamplesPanel(session._document, session)
    panel.resize(820, 260)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[TrainingSession]:
    yield from create_sessions("reconstruction", *LAYERS, noise=0.5)


@pytest.fixture
def panel(session: TrainingSession, qtbot: QtBot) -> SamplesPanel:
    return show_panel(qtbot, session)


def train(qtbot: QtBot, session: TrainingSession, panel: SamplesPanel) -> None:
    session.train()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
    qtbot.waitUntil(lambda: panel.view is not None, timeout=10_000)


def test_drawing_is_hidden_before_the_first_run(panel: SamplesPanel) -> None:
    assert panel.view is None
    assert not panel.drawing.isVisible()


def test_another_seed_gives_other_samples_after_the_run(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    train(qtbot, session, panel)
    assert panel.heading.text().startswith("16 samples · What goes in · What comes out · ")
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
    missing_path = str(tmp_path / "no" / "way.png")
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


def test_options_are_set_by_keyboard(
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


@pytest.fixture
def bottleneck_session(qtbot: QtBot) -> Iterator[TrainingSession]:
    yield from create_sessions(
        "reconstruction",
        ("flatten", {}), ("linear", {"out_features": 3}), ("linear", {"out_features": 64}),
        ("reshape", {"shape": (1, 8, 8)}), ("output", {"role": "reconstruction"}),
    )  # fmt: skip


def test_interpolation_is_set_up_and_continued(
    qtbot: QtBot, bottleneck_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, bottleneck_session)
    train(qtbot, bottleneck_session, panel)
    qtbot.mouseClick(panel.options, Qt.MouseButton.LeftButton)
    assert panel.options.form is not None
    sampler = panel.options.form.editors["sampler"]
    assert isinstance(sampler, ChoiceEditor)
    qtbot.keyClick(sampler.combo, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: panel.view.rows[0].title == "From 0 to 1", timeout=10_000)
    end = panel.options.form.editors["end"]
    assert isinstance(end, TextEditor)
    end.field.selectAll()
    qtbot.keyClicks(end.field, "5")
    qtbot.keyClick(end.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view.rows[0].title == "From 0 to 5", timeout=10_000)
    panel.options.popover.close()
    panel.next_button.click()
    qtbot.waitUntil(lambda: panel.view.rows[0].title == "From 5 to 6", timeout=10_000)
    assert end.field.text() == "6"


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


def open_latent(qtbot: QtBot, session: TrainingSession, panel: SamplesPanel) -> None:
    train(qtbot, session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    qtbot.mouseClick(panel.latent_button, Qt.MouseButton.LeftButton)


def test_latent_slider_is_decoded_at_once_and_can_be_reset(
    qtbot: QtBot, bottleneck_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, bottleneck_session)
    open_latent(qtbot, bottleneck_session, panel)
    qtbot.waitUntil(panel.sliders.isVisible, timeout=10_000)
    assert panel.view is not None
    before = panel.view
    assert before.latent is not None
    assert [slider.isVisible() for slider in panel.sliders.sliders] == [True] * 3
    axis = int(before.latent.order[0])
    assert panel.sliders.sliders[0].accessibleName() == f"Latent number {axis}"
    panel.sliders.sliders[0].setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(panel.sliders.sliders[0], key)
    qtbot.waitUntil(lambda: panel.view is not before and not panel.is_busy, timeout=10_000)
    moved = panel.view.latent
    assert moved is not None
    assert moved.position[axis] == pytest.approx(moved.high[axis])
    others = [index for index in range(3) if index != axis]
    np.testing.assert_allclose(moved.position[others], before.latent.position[others], rtol=1e-6)
    panel.sliders.reset_button.click()
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert panel.view.latent is not None
    np.testing.assert_array_equal(panel.view.latent.position, before.latent.position)
    panel.latent_button.click()
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert panel.sliders.isHidden()


@pytest.fixture
def pointwise_session(qtbot: QtBot) -> Iterator[TrainingSession]:
    layers = (("conv2d", {"out_channels": 1, "kernel_size": (1, 1)}),)
    yield from create_sessions("reconstruction", *layers, ("output", {"role": "reconstruction"}))


def test_missing_latent_space_is_reported_and_samples_stay(
    qtbot: QtBot, pointwise_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, pointwise_session)
    open_latent(qtbot, pointwise_session, panel)
    qtbot.waitUntil(panel.error_label.isVisible, timeout=10_000)
    assert "no narrow place" in panel.error_label.text()
    assert not panel.latent_button.isChecked()
    assert panel.view is not None
    panel.next_button.click()
    qtbot.waitUntil(lambda: panel.view.seed == 1, timeout=10_000)
    assert panel.error_label.isHidden()


@pytest.fixture
def next_token_session(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingSession]:
    path = tmp_path / "text.txt"
    path.write_text("abcdefgh " * 100)
    layers = (
        ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 8}),
        ("linear", {"out_features": Ref("vocabulary")}), ("output", {"role": "next token"}),
    )  # fmt: skip
    data = DataSettings("text", {"path": str(path), "window": 12})
    data = replace(data, facts=load_data(data).facts)
    yield from create_sessions("next-token", *layers, input_role="tokens", data=data)


def test_texts_are_saved_as_text_or_image(
    qtbot: QtBot,
    next_token_session: TrainingSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = show_panel(qtbot, next_token_session)
    train(qtbot, next_token_session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert "what was given is grey" in panel.heading.toolTip()
    calls = []

    def choose_path(*args: object) -> tuple[str, str]:
        calls.append(args)
        return str(path), "Text (*.txt)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose_path)
    path = tmp_path / "written"
    panel.save_button.click()
    assert calls[0][2:] == ("samples.txt", "Text (*.txt);;Picture (*.png)")
    assert panel.view is not None
    texts = (tmp_path / "written.txt").read_text(encoding="utf-8")
    assert all(line.text in texts for line in panel.view.captions)
    path = tmp_path / "written.png"
    panel.save_button.click()
    assert QImage(str(path)).width() == 1600
    path = tmp_path / "written.pdf"
    with qtbot.waitSignal(panel.save_failed) as signal:
        panel.save_button.click()
    assert "saved as .txt or .png" in signal.args[0]
    assert not path.exists()


def test_prompt_is_continued_and_unknown_characters_are_reported(
    qtbot: QtBot, next_token_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, next_token_session)
    assert panel.prompt.isHidden()
    train(qtbot, next_token_session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    qtbot.keyClicks(panel.prompt.field, "bad")
    qtbot.keyClick(panel.prompt.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view.captions[0].text.startswith("bad"), timeout=10_000)
    qtbot.keyClicks(panel.prompt.field, "?")
    panel.prompt.submit_button.click()
    qtbot.waitUntil(panel.error_label.isVisible, timeout=10_000)
    assert panel.error_label.text().startswith("“?” is not among the 9 characters")
    assert panel.view.captions[0].text.startswith("bad")
    qtbot.keyClick(panel.prompt.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not panel.view.captions[0].text.startswith("bad"), timeout=10_000)
    assert panel.prompt.field.text() == ""
    assert panel.error_label.isHidden()


def test_long_sampling_shows_progress_and_can_be_stopped(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(qtbot, session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)

    def endless(_probe: object, request: SampleRequest, _step: int) -> None:
        while True:
            request.on_progress(0.4)
            time.sleep(0.01)

    monkeypatch.setattr(SampleObserver, "sample_on_copy", endless)
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


def test_hidden_panel_generates_samples_once_shown(
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
    assert panel.view.step == session.history.step > 1


@pytest.fixture
def masked_token_session(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingSession]:
    path = tmp_path / "text.txt"
    path.write_text("abcdefgh " * 100)
    layers = (
        ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 8}),
        ("linear", {"out_features": Ref("vocabulary")}), ("output", {"role": "next token"}),
    )  # fmt: skip
    data = DataSettings("text", {"path": str(path), "window": 12})
    data = replace(data, facts=load_data(data).facts)
    yield from create_sessions("masked-token", *layers, input_role="tokens", data=data, share=0.3)


def test_masked_tokens_are_counted_individually(
    qtbot: QtBot, masked_token_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, masked_token_session)
    train(qtbot, masked_token_session, panel)
    assert panel.view is not None
    pieces = [piece for line in panel.view.captions for piece in line.spans]
    wrong = sum(piece.kind == "wrong" for piece in pieces)
    right = sum(len(piece.text) for piece in pieces if piece.kind == "right")
    assert wrong > 0
    assert panel.heading.toolTip().startswith(f"{right} of {right + wrong} masked tokens right · ")
    assert {line.is_correct for line in panel.view.captions} == {None}
