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
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.edits import append_after, set_data, set_training
from dlstudio.design.model import Project
from dlstudio.design.values import Ref, Value
from dlstudio.gui.document import Document
from dlstudio.gui.panels.setting_editors import ChoiceEditor, TextEditor
from dlstudio.gui.plots.samples import SamplesPanel
from dlstudio.gui.session import TrainingSession
from dlstudio.insight.samples import SampleProbe
from dlstudio.training.sampling import SampleRequest

LAYERS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("flatten", {}),
    ("linear", {"out_features": 64}),
    ("reshape", {"shape": (1, 8, 8)}),
    ("output", {"role": "reconstruction"}),
)


def sessions(
    task: str,
    *layers: tuple[str, dict[str, Value]],
    door: str = "samples",
    data: DataSettings | None = None,
    **settings: Value,
) -> Iterator[TrainingSession]:
    project, last = Project(), None
    for kind, layer_settings in (("input", {"role": door}), *layers):
        project, last = append_after(project, last, kind, layer_settings)
    loss = "cross-entropy" if door == "tokens" else "mse"
    training = replace(project.training, task=task, loss=loss, epochs=1, task_settings=settings)
    document = Document()
    document.load(set_data(set_training(project, training), data or project.data), None)
    session = TrainingSession(document)
    yield session
    session.stop()
    assert session.wait(30)


def shown(qtbot: QtBot, session: TrainingSession) -> SamplesPanel:
    panel = SamplesPanel(session._document, session)
    panel.resize(820, 260)
    qtbot.addWidget(panel)
    panel.show()
    return panel


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[TrainingSession]:
    yield from sessions("reconstruction", *LAYERS, noise=0.5)


@pytest.fixture
def panel(session: TrainingSession, qtbot: QtBot) -> SamplesPanel:
    return shown(qtbot, session)


def train(qtbot: QtBot, session: TrainingSession, panel: SamplesPanel) -> None:
    session.train()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
    qtbot.waitUntil(lambda: panel.view is not None, timeout=10_000)


def test_before_the_first_run_it_says_what_it_is_for(panel: SamplesPanel) -> None:
    assert panel.view is None
    assert not panel.drawing.isVisible()


def test_another_seed_draws_others_after_the_run(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    train(qtbot, session, panel)
    assert panel.heading.text().startswith("16 samples · What goes in · What comes out · ")
    qtbot.mouseClick(panel.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (panel.view and panel.view.seed) == 1, timeout=10_000)
    panel.seed.selectAll()
    qtbot.keyClicks(panel.seed, "7")
    qtbot.keyClick(panel.seed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.seed == 7, timeout=10_000)


def test_a_seed_that_is_none_is_put_back(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    train(qtbot, session, panel)
    panel.seed.selectAll()
    qtbot.keyClicks(panel.seed, "many")
    qtbot.keyClick(panel.seed, Qt.Key.Key_Return)
    assert panel.seed.text() == "0"


def test_samples_are_saved_as_a_picture(
    qtbot: QtBot,
    session: TrainingSession,
    panel: SamplesPanel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    train(qtbot, session, panel)
    path = tmp_path / "samples.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    panel.save.click()
    assert QImage(str(path)).width() == 1600
    missing_path = str(tmp_path / "no" / "way.png")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (missing_path, ""))
    with qtbot.waitSignal(panel.not_saved) as signal:
        panel.save.click()
    assert "not saved" in signal.args[0]


def test_options_are_those_of_the_task_and_hold_for_the_next_samples(
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
    panel.again.click()
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
def narrow(qtbot: QtBot) -> Iterator[TrainingSession]:
    yield from sessions(
        "reconstruction",
        ("flatten", {}), ("linear", {"out_features": 3}), ("linear", {"out_features": 64}),
        ("reshape", {"shape": (1, 8, 8)}), ("output", {"role": "reconstruction"}),
    )  # fmt: skip


def test_a_way_between_two_samples_is_set_in_one_go_and_gone_on_from(
    qtbot: QtBot, narrow: TrainingSession
) -> None:
    panel = shown(qtbot, narrow)
    train(qtbot, narrow, panel)
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
    panel.again.click()
    qtbot.waitUntil(lambda: panel.view.rows[0].title == "From 5 to 6", timeout=10_000)
    assert end.field.text() == "6"


def test_a_sampler_that_cannot_be_had_is_not_shown_as_chosen(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    train(qtbot, session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    qtbot.mouseClick(panel.options, Qt.MouseButton.LeftButton)
    assert panel.options.form is not None
    sampler = panel.options.form.editors["sampler"]
    assert isinstance(sampler, ChoiceEditor)
    qtbot.keyClick(sampler.combo, Qt.Key.Key_Down)
    qtbot.waitUntil(panel.trouble.isVisible, timeout=10_000)
    sampler = panel.options.form.editors["sampler"]
    assert isinstance(sampler, ChoiceEditor)
    assert sampler.combo.currentText() == "Reconstruction"
    panel.options.popover.close()


def open_latent(qtbot: QtBot, session: TrainingSession, panel: SamplesPanel) -> None:
    train(qtbot, session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    qtbot.mouseClick(panel.latent, Qt.MouseButton.LeftButton)


def test_a_moved_slider_is_decoded_at_once_and_reset_puts_it_back(
    qtbot: QtBot, narrow: TrainingSession
) -> None:
    panel = shown(qtbot, narrow)
    open_latent(qtbot, narrow, panel)
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
    assert moved.place[axis] == pytest.approx(moved.high[axis])
    others = [index for index in range(3) if index != axis]
    np.testing.assert_allclose(moved.place[others], before.latent.place[others], rtol=1e-6)
    panel.sliders.reset.click()
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert panel.view.latent is not None
    np.testing.assert_array_equal(panel.view.latent.place, before.latent.place)
    panel.latent.click()
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert panel.sliders.isHidden()


@pytest.fixture
def flat(qtbot: QtBot) -> Iterator[TrainingSession]:
    layers = (("conv2d", {"out_channels": 1, "kernel_size": (1, 1)}),)
    yield from sessions("reconstruction", *layers, ("output", {"role": "reconstruction"}))


def test_where_nothing_is_narrow_it_is_said_and_the_samples_stay(
    qtbot: QtBot, flat: TrainingSession
) -> None:
    panel = shown(qtbot, flat)
    open_latent(qtbot, flat, panel)
    qtbot.waitUntil(panel.trouble.isVisible, timeout=10_000)
    assert "no narrow place" in panel.trouble.text()
    assert not panel.latent.isChecked()
    assert panel.view is not None
    panel.again.click()
    qtbot.waitUntil(lambda: panel.view.seed == 1, timeout=10_000)
    assert panel.trouble.isHidden()


@pytest.fixture
def writing(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingSession]:
    path = tmp_path / "text.txt"
    path.write_text("abcdefgh " * 100)
    layers = (
        ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 8}),
        ("linear", {"out_features": Ref("vocabulary")}), ("output", {"role": "next token"}),
    )  # fmt: skip
    data = DataSettings("text", {"path": str(path), "window": 12})
    data = replace(data, facts=load_data(data).facts)
    yield from sessions("next-token", *layers, door="tokens", data=data)


def test_texts_are_saved_as_text_or_as_a_picture(
    qtbot: QtBot, writing: TrainingSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = shown(qtbot, writing)
    train(qtbot, writing, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert "what was given is grey" in panel.heading.toolTip()
    calls = []

    def choose_path(*args: object) -> tuple[str, str]:
        calls.append(args)
        return str(path), "Text (*.txt)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose_path)
    path = tmp_path / "written"
    panel.save.click()
    assert calls[0][2:] == ("samples.txt", "Text (*.txt);;Picture (*.png)")
    assert panel.view is not None
    texts = (tmp_path / "written.txt").read_text(encoding="utf-8")
    assert all(line.text in texts for line in panel.view.captions)
    path = tmp_path / "written.png"
    panel.save.click()
    assert QImage(str(path)).width() == 1600
    path = tmp_path / "written.pdf"
    with qtbot.waitSignal(panel.not_saved) as signal:
        panel.save.click()
    assert "saved as .txt or .png" in signal.args[0]
    assert not path.exists()


def test_a_prompt_is_continued_and_what_the_data_has_not_is_named(
    qtbot: QtBot, writing: TrainingSession
) -> None:
    panel = shown(qtbot, writing)
    assert panel.prompt.isHidden()
    train(qtbot, writing, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    qtbot.keyClicks(panel.prompt.line, "bad")
    qtbot.keyClick(panel.prompt.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view.captions[0].text.startswith("bad"), timeout=10_000)
    qtbot.keyClicks(panel.prompt.line, "?")
    panel.prompt.go.click()
    qtbot.waitUntil(panel.trouble.isVisible, timeout=10_000)
    assert panel.trouble.text().startswith("“?” is not among the 9 characters")
    assert panel.view.captions[0].text.startswith("bad")
    qtbot.keyClick(panel.prompt.line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not panel.view.captions[0].text.startswith("bad"), timeout=10_000)
    assert panel.prompt.line.text() == ""
    assert panel.trouble.isHidden()


def test_long_work_shows_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(qtbot, session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)

    def endless(_probe: object, request: SampleRequest, _step: int) -> None:
        while True:
            request.follow(0.4)
            time.sleep(0.01)

    monkeypatch.setattr(SampleProbe, "draw_again", endless)
    before = panel.view
    panel.again.click()
    qtbot.waitUntil(panel.making.isVisible, timeout=10_000)
    qtbot.waitUntil(lambda: panel.making.bar.value() == 400, timeout=10_000)
    qtbot.mouseClick(panel.making.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert panel.making.isHidden()
    assert panel.view is before


def test_buttons_carry_no_names_where_it_is_narrow(panel: SamplesPanel) -> None:
    assert panel.save.text() == "Save…"
    panel.resize(400, 260)
    assert panel.save.text() == ""
    assert panel.save.accessibleName() == "Save…"


def test_what_was_hidden_during_a_run_is_made_when_it_is_shown(
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
def guessing(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingSession]:
    path = tmp_path / "text.txt"
    path.write_text("abcdefgh " * 100)
    layers = (
        ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 8}),
        ("linear", {"out_features": Ref("vocabulary")}), ("output", {"role": "next token"}),
    )  # fmt: skip
    data = DataSettings("text", {"path": str(path), "window": 12})
    data = replace(data, facts=load_data(data).facts)
    yield from sessions("masked-token", *layers, door="tokens", data=data, share=0.3)


def test_masked_tokens_are_counted_one_by_one(qtbot: QtBot, guessing: TrainingSession) -> None:
    panel = shown(qtbot, guessing)
    train(qtbot, guessing, panel)
    assert panel.view is not None
    pieces = [piece for line in panel.view.captions for piece in line.pieces]
    wrong = sum(piece.kind == "wrong" for piece in pieces)
    right = sum(len(piece.text) for piece in pieces if piece.kind == "right")
    assert wrong > 0
    assert panel.heading.toolTip().startswith(f"{right} of {right + wrong} masked tokens right · ")
    assert {line.right for line in panel.view.captions} == {None}
