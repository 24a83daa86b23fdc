"""Cards and wires as they are placed on the canvas."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from dlstudio.design.model.model import Edge, Node
from dlstudio.gui.canvas.model.node_description import NodeDescription
from dlstudio.gui.canvas.scene.geometry import Cubic, port_point


@dataclass(slots=True)
class Card:
    """A node's card: texts, ports and rectangle."""

    node: Node
    description: NodeDescription
    rect: QRectF
    colour: str = ""

    def port(self, name: str, output: bool) -> QPointF:
        """Return the centre of a port; for an unknown name, the centre of the side."""
        ports = self.description.ports
        side_ports = ports.outputs if output else ports.inputs
        names = [port.name for port in side_ports]
        index, count = (names.index(name), len(names)) if name in names else (0, 1)
        return port_point(self.rect, index, count, output)


@dataclass(slots=True)
class Wire:
    """An edge's curve."""

    edge: Edge
    curve: Cubic
