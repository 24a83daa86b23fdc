"""Transient highlights of the canvas: hovered, selected and hidden wires, shape labels."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Highlight:
    """The hovered card and wire, the selected wires, and what is shown or hidden for now."""

    card: str = ""
    wire: str = ""
    selected_wires: frozenset[str] = frozenset()
    show_shapes: bool = False
    hidden_wires: frozenset[str] = field(default_factory=frozenset)
