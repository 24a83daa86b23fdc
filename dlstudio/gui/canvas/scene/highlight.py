"""What is singled out on the canvas for the moment."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Highlight:
    """What the pointer and the user single out for the moment."""

    card: str = ""
    wire: str = ""
    selected_wires: frozenset[str] = frozenset()
    show_shapes: bool = False
    hidden_wires: frozenset[str] = field(default_factory=frozenset)
