from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.design.edits import set_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.document.document import Document
from dlstudio.gui.plots.activations.activations_panel import ActivationsPanel
from dlstudio.gui.plots.services.shown_run import ShownRun
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.runs.session import TrainingSession
from dlstudio.gui.runs.trained_network import TrainedNetwork
from dlstudio.gui.style.theme import apply_theme, load_fonts
from dlstudio.training.protocol.events import Snapshot
from dlstudio.worker.view_worker import ViewWorker
from tests.gui.panel_designs import example_document


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return example_document("digits-cnn", tmp_path)


@pytest.fixture
def panel(document: Document, session: TrainingSession, qtbot: QtBot) -> ActivationsPanel:
    network = TrainedNetwork(document, session)
    widget = ActivationsPanel(
        ViewServices(document, session, network, ViewWorker(), ShownRun(session))
    )
    widget.resize(640, 290)
    qtbot.addWidget(widget)
    widget.show()
    return widget


def train(qtbot: QtBot, session: TrainingSession, panel: ActivationsPanel) -> None:
    session.step_epoch()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
    step = session.run.history.step
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.step == step, timeout=10_000)


def test_drawing_is_hidden_before_the_first_run(panel: ActivationsPanel) -> None:
    assert panel.view is None
    assert not panel.drawing.isVisible()


def test_selected_layer_is_shown_while_paused_and_after_the_run(
    qtbot: QtBot, document: Document, session: TrainingSession, panel: ActivationsPanel
) -> None:
    document.set_selection(["conv2d_1"])
    session.step()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    qtbot.waitUntil(lambda: panel.view is not None, timeout=10_000)
    assert panel.heading.text() == "conv2d_1 · 16 feature maps · sample 0 of the test set"
    document.set_selection(["linear_1"])
    assert panel.heading.text().startswith("linear_1 · 10 values · ")
    session.stop()
    qtbot.waitUntil(lambda: session.state == "idle", timeout=60_000)
    document.set_selection(["conv2d_1"])
    assert panel.layer is not None
    assert panel.layer.form == "maps"
    assert "zeros" in panel.statistics.text()


def test_sample_can_be_changed_after_the_run(
    qtbot: QtBot, session: TrainingSession, panel: ActivationsPanel
) -> None:
    train(qtbot, session, panel)
    assert panel.view is not None
    assert panel.view.choice.index == 0
    qtbot.mouseClick(panel.chooser.next_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.choice.index == 1)
    panel.chooser.subset.setFocus()
    qtbot.keyClicks(panel.chooser.subset, "train")
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.choice.subset == "train")
    qtbot.mouseClick(panel.chooser.previous_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: panel.view is not None and panel.view.choice.index == panel.view.samples - 1
    )


def test_slider_shows_earlier_steps(
    qtbot: QtBot, session: TrainingSession, panel: ActivationsPanel
) -> None:
    session.step()
    qtbot.waitUntil(lambda: session.state == "paused", timeout=60_000)
    qtbot.waitUntil(lambda: panel.view is not None, timeout=10_000)
    train(qtbot, session, panel)
    assert panel.slider.maximum() >= 1
    panel.slider.setFocus()
    qtbot.keyClick(panel.slider, Qt.Key.Key_Home)
    assert panel.view is not None
    assert panel.view.step < session.run.history.step
    assert f"step {panel.view.step}" in panel.step_text.text()
    qtbot.keyClick(panel.slider, Qt.Key.Key_End)
    assert panel.view.step == session.run.history.step


def test_widgets_do_not_overlap_in_a_low_panel(
    qtbot: QtBot, session: TrainingSession, panel: ActivationsPanel
) -> None:
    train(qtbot, session, panel)
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(500, 300)
    panel.setParent(host)
    panel.show()
    host.show()
    widgets = (panel.heading, panel.drawing, panel.slider, panel.chooser, panel.histogram)
    for height in (150, 290, 150):
        panel.resize(420, height)
        qtbot.wait(20)
        visible = [widget for widget in widgets if widget.isVisible()]
        assert (panel.slider in visible) == (height == 290)
        areas = [QRect(widget.mapTo(panel, QPoint(0, 0)), widget.size()) for widget in visible]
        pairs = itertools.combinations(areas, 2)
        assert not any(first.intersects(second) for first, second in pairs)
        assert max(area.bottom() for area in areas) < height
    panel.setParent(None)


def test_thumbnails_are_emitted_and_cleared_on_reset(
    qtbot: QtBot, session: TrainingSession, panel: ActivationsPanel
) -> None:
    emitted: list[dict[str, object]] = []
    panel.thumbnails_changed.connect(emitted.append)
    train(qtbot, session, panel)
    assert {"input_1", "conv2d_1"} <= emitted[-1].keys()
    session.reset()
    assert emitted[-1] == {}
    assert panel.view is None


def test_invalid_sample_index_is_reverted(
    qtbot: QtBot, session: TrainingSession, panel: ActivationsPanel
) -> None:
    train(qtbot, session, panel)
    for text, expected in (("7", 7), ("ninety", 7), ("999999", 7)):
        panel.chooser.index.setFocus()
        panel.chooser.index.selectAll()
        qtbot.keyClicks(panel.chooser.index, text)
        qtbot.keyClick(panel.chooser.index, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: panel.view is not None and panel.view.choice.index == 7)
        assert panel.chooser.index.text() == str(expected)


def test_texts_are_shortened_in_a_narrow_panel(
    qtbot: QtBot, document: Document, session: TrainingSession, panel: ActivationsPanel
) -> None:
    load_fonts()
    apply_theme("dark")
    host = QWidget()
    panel.setParent(host)
    panel.show()
    host.show()
    train(qtbot, session, panel)
    document.set_selection(["max_pool2d_1"])
    panel.choose_sample("validation", 3)
    qtbot.waitUntil(lambda: panel.view is not None and panel.view.choice.index == 3)
    assert panel.heading.visible_text.endswith("sample 3 of the validation set")
    assert panel.statistics.visible_text.endswith("zeros")
    panel.resize(410, 290)
    qtbot.waitUntil(lambda: panel.heading.visible_text == "max_pool2d_1 · 32 feature maps")
    assert panel.statistics.text().startswith(f"{panel.statistics.visible_text} · ")
    option = QStyleOptionComboBox()
    panel.chooser.subset.initStyleOption(option)
    text_rect = panel.chooser.subset.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField
    )
    assert text_rect.width() >= panel.chooser.subset.fontMetrics().horizontalAdvance("validation")
    panel.setParent(None)


def test_changing_the_data_source_clears_the_sample(
    qtbot: QtBot, document: Document, session: TrainingSession, panel: ActivationsPanel
) -> None:
    train(qtbot, session, panel)
    document.apply(set_data(document.project, DataSettings(source="circles")), "Use circles")
    assert panel.view is None
    assert not panel.sample_image.isVisible()


@pytest.mark.parametrize("cell_count", [0, 1, 3, 30])
def test_bar_of_the_sample_chooser_has_no_overlaps(
    qtbot: QtBot, session: TrainingSession, panel: ActivationsPanel, cell_count: int
) -> None:
    load_fonts()
    apply_theme("dark")
    train(qtbot, session, panel)
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 300)
    panel.setParent(host)
    panel.show()
    host.show()
    needed = panel.minimumSizeHint().width()
    assert panel.view is not None
    cells = tuple((f"column {index}", "40 200,5") for index in range(cell_count))
    image = None if cells else panel.view.image
    shown = replace(panel.view, step=panel.view.step + 1, image=image, cells=cells)
    chooser = panel.chooser
    widgets = (panel.sample_image, chooser.subset, chooser.previous_button, chooser.index,
               chooser.next_button, panel.statistics, panel.histogram)  # fmt: skip
    for width in range(380, 901, 20):
        panel.resize(width, 290)
        qtbot.wait(1)
        session.snapshot.emit(Snapshot(shown.step, "activations", shown))
        QApplication.sendPostedEvents()
        assert panel.sample_image.accessibleName().count("40 200,5") == cell_count
        areas = [QRect(widget.mapTo(panel, QPoint(0, 0)), widget.size()) for widget in widgets]
        assert all(panel.rect().contains(area) for area in areas), width
        assert not any(one.intersects(other) for one, other in itertools.combinations(areas, 2))
    assert panel.minimumSizeHint().width() == needed
    panel.setParent(None)
