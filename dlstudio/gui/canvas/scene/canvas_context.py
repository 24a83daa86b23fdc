"""What the canvas tools and commands share: document, scene, camera and request signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

from dlstudio.design.model.model import Node, Project
from dlstudio.design.structure.wire_rules import WireRules
from dlstudio.gui.canvas.model.node_description import NodeDescription, describe_node
from dlstudio.gui.canvas.scene.camera import Camera
from dlstudio.gui.canvas.scene.geometry import CARD_BOX, CARD_WIDTH, curve_point
from dlstudio.gui.canvas.scene.highlight import Highlight
from dlstudio.gui.canvas.scene.hit_test import PortHit, card_at
from dlstudio.gui.canvas.scene.scene import Scene
from dlstudio.gui.document.document import Document


@dataclass(frozen=True)
class SearchRequest:
    """Where the layer chosen in the search box will be added.

    Attributes:
        at: Scene position of the search box.
        port: Offer only layers that fit this port, and wire the layer to it.
        wire: Key of a wire to insert the layer into.
        after: Id of a card to append the layer to.
    """

    at: QPointF
    port: PortHit | None = None
    wire: str = ""
    after: str = ""


class CanvasContext(QObject):
    """The canvas of one document, without widgets."""

    camera_changed = Signal()
    repaint_requested = Signal()
    search_requested = Signal(object)
    """A `SearchRequest`."""
    link_rejected = Signal(str, QPointF)
    """The reason a wire is not valid, and where; an empty string once it is."""
    note_editor_requested = Signal(str)
    title_editor_requested = Signal(str)
    inspector_requested = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.scene = Scene(document, self)
        self.camera = Camera()
        self.highlight = Highlight()
        self.size = QSizeF(640, 480)
        self.pointer: QPointF | None = None

    @property
    def project(self) -> Project:
        """The document's current project."""
        return self.document.project

    @property
    def scope(self) -> str:
        """The displayed scope: a block id, or empty for the top level."""
        return self.document.scope

    def edit(self, change: Callable[[Project], Project], text: str, merge: str = "") -> bool:
        """Apply an edit as one undoable step; on failure show a message and return False."""
        return self.document.try_edit(change, text, merge) is not None

    def wire_rules(self) -> WireRules:
        """Return the rules for wires of the displayed graph."""
        project, graph, cards = self.project, self.project.graph_at(self.scope), self.scene.cards

        def describe(node: Node) -> NodeDescription:
            card = cards.get(node.id)
            return card.description if card else describe_node(project, graph, node)

        return WireRules(
            graph, lambda node: describe(node).ports, lambda node: describe(node).title
        )

    def centre(self) -> QPointF:
        """Return the scene position at the centre of the view."""
        return self.camera.visible(self.size).center()

    def selected_wire(self) -> str:
        """Return the key of the selected wire if it still exists, or an empty string."""
        for key in self.highlight.selected_wires:
            if key in self.scene.wires:
                return key
        return ""

    def search_request(self) -> SearchRequest:
        """Return a request for a layer on the selected wire, after a card, or at the pointer.

        With the pointer over a card or outside the view, the layer goes after the single selected
        card, else after the card under the pointer.
        """
        wire = self.selected_wire()
        if wire:
            return SearchRequest(curve_point(self.scene.wires[wire].curve, 0.5), wire=wire)
        at = self.pointer
        below = card_at(self.scene, at) if at is not None else ""
        selected = [node_id for node_id in self.document.selection if node_id in self.scene.cards]
        after = selected[0] if len(selected) == 1 and (below or at is None) else below
        return SearchRequest(at if at is not None else self.centre(), after=after)

    def select_wire(self, key: str) -> None:
        """Select a wire and deselect cards and notes; an empty key deselects the wire."""
        if key:
            self.document.set_selection(())
        self.highlight.selected_wires = frozenset({key} if key else ())
        self.repaint_requested.emit()

    def show(self, ids: frozenset[str], max_scale: float = 1.0) -> None:
        """Fit cards and notes into the view; an empty set means all of them."""
        rect = self.scene.bounds(ids or None)
        if not rect.isEmpty():
            self.camera.fit(rect, self.size, max_scale=max_scale)
            self.camera_changed.emit()

    def show_start(self, max_scale: float = 1.0) -> None:
        """Show the whole network, or its start if the whole would be illegible."""
        cards = [card.rect for card in self.scene.cards.values()]
        start = min(cards, key=QRectF.left, default=QRectF(0, 0, CARD_WIDTH, CARD_BOX))
        self.camera.fit_or_show_start(
            self.scene.bounds().united(start), start, self.size, max_scale
        )
        self.camera_changed.emit()

    def reveal(self, node_id: str) -> None:
        """Centre the view on a card unless it is already fully visible."""
        rect = self.scene.bounds((node_id,))
        visible = self.camera.visible(self.size)
        if not rect.isEmpty() and not visible.contains(rect):
            self.camera.centre_on(rect.center(), self.size)
            self.camera_changed.emit()
