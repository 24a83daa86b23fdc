"""What the last check found for the cards and wires of a scene."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.model import Edge
from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.model.card_content import (
    CardContent,
    CardStatus,
    card_content,
    card_status,
)
from dlstudio.gui.canvas.model.scope_report import ScopeReport
from dlstudio.gui.canvas.scene.scene_items import Card, Wire
from dlstudio.gui.document.document import Document


class SceneContent:
    """The texts of cards and wires; a card's are created when it is first painted.

    Attributes:
        report: The part of the check report that concerns the shown scope.
    """

    def __init__(
        self, document: Document, cards: Mapping[str, Card], wires: Mapping[str, Wire]
    ) -> None:
        self._document = document
        self._cards = cards
        self._wires = wires
        self._contents: dict[str, CardContent] = {}
        self.report = ScopeReport()

    def use_report(self) -> None:
        """Use the document's current report and create all texts again."""
        document = self._document
        self.report = ScopeReport.from_report(
            document.project, document.report, document.scope, document.placement_path
        )
        self.clear()

    def clear(self) -> None:
        """Create the texts of all cards again."""
        self._contents.clear()

    def discard(self, node_id: str) -> None:
        """Create the texts of a card again, if it is still there."""
        self._contents.pop(node_id, None)

    def card(self, node_id: str) -> CardContent:
        """Return a card's content."""
        content = self._contents.get(node_id)
        if content is None:
            description = self._cards[node_id].description
            project, scope = self._document.project, self._document.scope
            content = card_content(project, scope, node_id, description, self.report)
            self._contents[node_id] = content
        return content

    def status(self, node_id: str) -> CardStatus:
        """Return a card's status without creating its texts."""
        return card_status(node_id, self._cards[node_id].description, self.report)

    def path(self, node_id: str) -> str:
        """Return a node's dotted path in the whole network."""
        return self.report.prefix + node_id

    def edge_text(self, key: str) -> str:
        """Return the shape of a wire's signal, or an empty string while it is unknown."""
        signal = self._signal(self._wires[key].edge)
        return signal.text() if signal else ""

    def signal_at(self, node_id: str, port: str) -> Signal | None:
        """Return the signal of an output port, or None while it is unknown."""
        return self._signal(Edge(node_id, "", port))

    def is_broken(self, key: str) -> bool:
        """Return whether a wire is part of a problem."""
        if key in self.report.broken_edges:
            return True
        edge = self._wires[key].edge
        problem = self.report.worst_problem(edge.target)
        return problem is not None and problem.is_contradiction and problem.port == edge.target_port

    def _signal(self, edge: Edge) -> Signal | None:
        return self.report.signal(self._document.project, self._document.scope, edge)
