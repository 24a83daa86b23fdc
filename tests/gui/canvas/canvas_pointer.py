"""Sends mouse and keyboard events to a canvas; positions are in scene units."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtTest import QTest

from dlstudio.design.model.model import Edge, Graph, Layout, Node, Note, Project
from dlstudio.gui.canvas.editor.editor import CanvasEditor
from dlstudio.gui.document.document import Document

LEFT = Qt.MouseButton.LeftButton
RIGHT = Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton
NO = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

Position = tuple[float, float]


class Pointer:
    """The mouse and keyboard on one canvas, with access to its scene."""

    def __init__(self, editor: CanvasEditor) -> None:
        self.editor = editor
        self.view = editor.view

    @property
    def document(self) -> Document:
        return self.editor.context.document

    @property
    def project(self) -> Project:
        return self.document.project

    @property
    def graph(self) -> Graph:
        return self.project.graph_at(self.document.scope)

    @property
    def layout(self) -> Layout:
        return self.project.layout_at(self.document.scope)

    @property
    def undo(self) -> QUndoStack:
        return self.document.undo_stack

    @property
    def wires(self) -> set[tuple[str, str]]:
        return {(edge.source, edge.target) for edge in self.graph.edges.values()}

    def at(self, position: Position) -> QPoint:
        return self.editor.context.camera.to_view(QPointF(*position)).toPoint()

    def centre(self, node_id: str) -> Position:
        return self.editor.context.scene.cards[node_id].rect.center().toTuple()

    def port(self, node_id: str, name: str = "", output: bool = False) -> Position:
        card = self.editor.context.scene.cards[node_id]
        name = name or ("output" if output else "input")
        return card.port(name, output).toTuple()

    def wire_centre(self, source: str, target: str) -> Position:
        start, end = self.port(source, output=True), self.port(target)
        return (start[0] + end[0]) / 2, (start[1] + end[1]) / 2

    def click(self, position: Position, modifiers=NO, button=LEFT) -> None:
        QTest.mouseClick(self.view, button, modifiers, self.at(position))

    def double_click(self, position: Position) -> None:
        QTest.mouseDClick(self.view, LEFT, NO, self.at(position))

    def press(self, position: Position, modifiers=NO, button=LEFT) -> None:
        QTest.mousePress(self.view, button, modifiers, self.at(position))

    def move_to(self, position: Position) -> None:
        QTest.mouseMove(self.view, self.at(position))

    def release(self, position: Position, modifiers=NO, button=LEFT) -> None:
        QTest.mouseRelease(self.view, button, modifiers, self.at(position))

    def drag(self, start: Position, end: Position, modifiers=NO, button=LEFT) -> None:
        target = self.at(end)
        self.press(start, modifiers, button)
        self.move_to(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        QTest.mouseMove(self.view, target)
        QTest.mouseRelease(self.view, button, modifiers, target)

    def abandon(self, start: Position, end: Position, modifiers=NO, button=LEFT) -> None:
        """Start a drag and cancel it with Esc."""
        self.press(start, modifiers, button)
        self.move_to(end)
        self.key(Qt.Key.Key_Escape)
        self.release(end, modifiers, button)

    def key(self, key: Qt.Key, modifiers=NO) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def press_space(self) -> None:
        QTest.keyPress(self.view, Qt.Key.Key_Space)


def chain(*kinds: str, wired: bool = True) -> Project:
    """Return cards in a row, by default wired, and a note below the first."""
    nodes: dict[str, Node] = {}
    for number, kind in enumerate(kinds):
        node_id = f"{kind}_{number}"
        nodes[node_id] = Node(node_id, kind)
    ids = list(nodes)
    edges = [Edge(a, b) for a, b in pairwise(ids)] if wired else []
    positions = {node_id: (240.0 * number, 0.0) for number, node_id in enumerate(ids)}
    notes = {"note_1": Note("note_1", "A word on this", 0.0, 240.0, 200.0, 100.0)}
    graph = Graph(nodes, {edge.key: edge for edge in edges})
    return Project(graph=graph, layouts={"": Layout(positions, notes)})
