from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import append_after, set_training
from dlstudio.design.model import Project
from dlstudio.design.values import Value
from dlstudio.gui.document import Document
from dlstudio.gui.plots.mask_colours import mask_colour
from dlstudio.gui.plots.sample_drawing import SampleDrawing
from dlstudio.gui.plots.samples import SamplesPanel
from dlstudio.gui.session import TrainingSession
from dlstudio.insight.sample_views import (
    Line,
    Piece,
    PieceKind,
    SampleForm,
    SampleRow,
    SamplesView,
    Values,
)

LAYERS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("input", {}),
    ("flatten", {}),
    ("linear", {"out_features": 64}),
    ("reshape", {"shape": (1, 8, 8)}),
    ("output", {"role": "reconstruction"}),
)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[TrainingSession]:
    project, last = Project(), None
    for kind, settings in LAYERS:
        project, last = append_after(project, last, kind, settings)
    training = replace(
        project.training, task="reconstruction", loss="mse", epochs=1, task_settings={"noise": 0.5}
    )
    document = Document()
    document.load(set_training(project, training), None)
    made = TrainingSession(document)
    yield made
    made.stop()
    assert made.wait(30)


@pytest.fixture
def panel(session: TrainingSession, qtbot: QtBot) -> SamplesPanel:
    made = SamplesPanel(session._document, session)
    made.resize(820, 260)
    qtbot.addWidget(made)
    made.show()
    return made


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
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.seed == 1, timeout=10_000)
    assert panel.seed.text() == "1"
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
    place = tmp_path / "samples.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    panel.save.click()
    assert QImage(str(place)).width() == 1600
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no" / "way.png"), "")
    )
    with qtbot.waitSignal(panel.not_saved) as told:
        panel.save.click()
    assert "not saved" in told.args[0]


def views() -> list[SamplesView]:
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 255, (5, 6, 6, 3)).astype(np.uint8)
    points = rng.normal(size=(40, 2)).astype(np.float32)
    lines = np.array([[0.0, np.nan, 2.0], [1.0, np.inf, 0.5]], np.float32)
    masks = rng.integers(0, 12, (5, 6, 6)).astype(np.uint8)
    forms: list[tuple[SampleForm, Values]] = [
        ("pictures", pictures), ("points", points), ("lines", lines), ("masks", masks),
        ("scatter", points),
    ]  # fmt: skip
    return [SamplesView(3, form, (SampleRow("Generated", values),)) for form, values in forms]


@pytest.mark.parametrize("view", views(), ids=lambda view: view.form)
def test_every_form_is_drawn(qtbot: QtBot, view: SamplesView) -> None:
    drawing = SampleDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(400, 200)
    drawing.show_view(None)
    empty = drawing.grab().toImage()
    drawing.show_view(view)
    assert drawing.grab().toImage() != empty
    assert "Generated" in drawing.accessibleDescription()


def told(kind: PieceKind, truth: str = "") -> SamplesView:
    line = Line((Piece("sent in → ", "given"), Piece("made", kind, truth)), kind == "right")
    return SamplesView(3, "texts", (), captions=(line,) * 30)


def test_right_and_wrong_look_different_and_wrong_tells_the_truth(qtbot: QtBot) -> None:
    drawing = SampleDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(400, 200)
    shown = []
    for view in (told("right"), told("wrong"), told("wrong", "true"), told("missing")):
        drawing.show_view(view)
        shown.append(drawing.grab().toImage())
    assert all(one != other for one, other in combinations(shown, 2))
    assert drawing.accessibleDescription().startswith("sent in → made")


def test_texts_make_the_drawing_as_high_as_they_need(qtbot: QtBot) -> None:
    drawing = SampleDrawing()
    qtbot.addWidget(drawing)
    drawing.resize(400, 200)
    drawing.show_view(told("right"))
    assert drawing.minimumHeight() > 400
    drawing.show_view(views()[0])
    assert drawing.minimumHeight() < 200


def test_more_classes_than_colours_have_colours_of_their_own() -> None:
    assert len({mask_colour(at).name() for at in range(20)}) == 20


def test_options_are_those_of_the_task_and_hold_for_the_next_samples(
    qtbot: QtBot, session: TrainingSession, panel: SamplesPanel
) -> None:
    assert panel.options.isHidden()
    train(qtbot, session, panel)
    assert not panel.options.isHidden()
    form = panel.options.form
    assert form is not None
    assert list(form.editors) == ["count", "sampler", "start", "end"]
    form.edited.emit("count", 5)
    qtbot.waitUntil(lambda: panel.view is not None and len(panel.view.rows[0]) == 5, timeout=10_000)
    panel.again.click()
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.seed == 1, timeout=10_000)
    assert panel.view is not None
    assert len(panel.view.rows[0]) == 5
    form.edited.emit("count", 10_000)
    assert panel.options.values["count"] == 5
