"""The layout of the problem popup: texts are fully visible, and no card is covered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from dlstudio.design.edits import move_nodes
from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.design.model.report import NodeReport, Report
from dlstudio.gui.canvas.overlays.problem_popup import ProblemPopup
from dlstudio.gui.canvas.scene.geometry import badge_circle
from dlstudio.gui.style import theme
from dlstudio.gui.widgets.basic_widgets import ShrinkingButton
from tests.gui.canvas.canvas_pointer import Pointer, chain

TITLES = (
    "Add a convolution with 16 filters before this layer and join its result",
    "Add a Flatten before this layer",
    "Take this layer out and join its neighbours",
)
TEXT = "A Linear layer takes features, but a picture of 16×28×28 arrives here from the layer before"


@pytest.fixture
def broken_network(canvas) -> Pointer:
    return report_problem(canvas(chain("input", "relu", "tanh", "output")))


def report_problem(pointer: Pointer) -> Pointer:
    """Report a problem with the second card."""
    fixes = tuple(Repair(title, "remove", {"scope": "", "node": "relu_1"}) for title in TITLES)
    problem = Problem(Severity.ERROR, "relu_1", "test", TEXT, "ReLU cannot do that", repairs=fixes)
    pointer.document.set_report(Report({"relu_1": NodeReport("relu_1", "relu")}, (problem,)))
    return pointer


@pytest.fixture
def popup(broken_network: Pointer) -> ProblemPopup:
    broken_network.click(broken_network.centre("relu_1"))
    return broken_network.editor.overlays.problem_popup


def visible_widgets(popup: ProblemPopup) -> dict[QLabel | QPushButton, QRect]:
    widgets = [*popup.findChildren(QLabel), *popup.findChildren(QPushButton)]
    visible = [widget for widget in widgets if widget.isVisible()]
    return {
        widget: QRect(widget.mapTo(popup, widget.rect().topLeft()), widget.size())
        for widget in visible
    }


@pytest.mark.parametrize("scale", [0.3, 0.6, 1.0])
@pytest.mark.parametrize("side", [(0.7, 0), (-0.7, 0), (0, 0.7), (0, -0.7)])
def test_click_anywhere_on_the_badge_opens_the_popup(
    broken_network: Pointer, scale: float, side: tuple[float, float]
) -> None:
    editor = broken_network.editor
    broken_network.view.zoom(scale / editor.context.camera.scale)
    centre, radius = badge_circle(editor.context.scene.cards["relu_1"].rect, scale)
    broken_network.click((centre.x() + side[0] * radius, centre.y() + side[1] * radius))
    assert broken_network.document.selection == {"relu_1"}
    assert editor.overlays.problem_popup.isVisible()


@pytest.mark.parametrize("size", [13, 20, 26])
def test_no_text_is_clipped_or_covered(popup: ProblemPopup, qtbot, size: int) -> None:
    before = popup.height()
    theme.apply_theme("dark", size)
    if size > 13:
        qtbot.waitUntil(lambda: popup.height() > before)
    widgets = visible_widgets(popup)
    for widget, rect in widgets.items():
        assert popup.rect().contains(rect)
        assert not any(
            rect.intersects(other_rect)
            for other_widget, other_rect in widgets.items()
            if other_widget is not widget
        )
        if isinstance(widget, QLabel):
            assert rect.height() >= widget.heightForWidth(rect.width())
        else:
            assert isinstance(widget, ShrinkingButton)
            assert rect.height() >= widget.heightForWidth(rect.width())
            assert " ".join(widget.lines(rect.width())) == widget.accessibleName()


def test_narrow_canvas_wraps_a_long_button(broken_network: Pointer, popup: ProblemPopup) -> None:
    broken_network.editor.resize(320, 600)
    assert popup.width() <= broken_network.view.width()
    buttons = popup.findChildren(QPushButton)
    first = next(button for button in buttons if button.accessibleName() == TITLES[0])
    assert isinstance(first, ShrinkingButton)
    assert len(first.lines(first.width())) > 1
    assert " ".join(first.lines(first.width())) == TITLES[0]


def test_popup_covers_no_card(broken_network: Pointer, popup: ProblemPopup) -> None:
    assert not covered_cards(broken_network, popup)
    for row in (-120.0, 140.0):
        positions = {
            node_id: (240.0 * number, row) for number, node_id in enumerate(("input_0", "tanh_2"))
        }
        broken_network.document.apply(move_nodes(broken_network.project, positions), "Move")
        assert not covered_cards(broken_network, popup)
        assert broken_network.view.rect().contains(popup.geometry())


def test_popup_is_hidden_during_a_drag(broken_network: Pointer, popup: ProblemPopup) -> None:
    start, end = broken_network.port("relu_1", output=True), (400.0, 200.0)
    broken_network.press(start)
    assert popup.isVisible()
    broken_network.move_to(end)
    assert popup.isHidden()
    broken_network.key(Qt.Key.Key_Escape)
    broken_network.release(end)
    assert popup.isVisible()
    x, y = broken_network.centre("relu_1")
    broken_network.press((x, y))
    broken_network.move_to((x + 80, y + 60))
    assert popup.isHidden()
    broken_network.release((x + 80, y + 60))
    assert popup.isVisible()


def covered_cards(pointer: Pointer, popup: ProblemPopup) -> set[str]:
    camera, scene = pointer.editor.context.camera, pointer.editor.context.scene
    rects = {node_id: camera.rect_to_view(card.rect) for node_id, card in scene.cards.items()}
    return {
        node_id
        for node_id, rect in rects.items()
        if rect.toAlignedRect().intersects(popup.geometry())
    }


def test_popup_is_hidden_while_the_search_box_is_open(broken_network: Pointer) -> None:
    popup, search = (
        broken_network.editor.overlays.problem_popup,
        broken_network.editor.overlays.search,
    )
    broken_network.drag(broken_network.port("relu_1", output=True), (300, -200))
    assert search.isVisible()
    broken_network.editor.view.hovered.emit("relu_1")
    popup.refresh()
    assert popup.isHidden()
    QTest.keyClick(search.field, Qt.Key.Key_Escape)
    assert popup.isVisible()


def test_popup_moves_to_the_edge_instead_of_covering_a_card(canvas) -> None:
    broken_network = report_problem(canvas(chain("input", "relu", "tanh", "sigmoid", "output")))
    positions = {
        "input_0": (40.0, 0.0), "tanh_2": (240.0, -100.0), "sigmoid_3": (240.0, 100.0),
        "output_4": (440.0, 0.0),
    }  # fmt: skip
    broken_network.document.apply(move_nodes(broken_network.project, positions), "Move")
    broken_network.editor.show_start()
    broken_network.click(broken_network.centre("relu_1"))
    popup, context = broken_network.editor.overlays.problem_popup, broken_network.editor.context
    rects = {
        node_id: context.camera.rect_to_view(card.rect)
        for node_id, card in context.scene.cards.items()
    }
    assert popup.isVisible()
    assert not [node_id for node_id in rects if rects[node_id].intersects(QRectF(popup.geometry()))]
