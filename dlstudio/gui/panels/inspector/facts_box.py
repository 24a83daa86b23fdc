"""A framed list of figures: words at the left, figures in mono at the right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from dlstudio.gui.panels.dressing import empty, label


class FactsBox(QFrame):
    """Shows pairs of a word and a figure."""

    def __init__(self) -> None:
        """Start without lines."""
        super().__init__()
        self.setProperty("surface", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(11, 9, 11, 9)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[tuple[str, str], ...] = ()
        self._note = ""
        self.hide()

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What is shown."""
        return self._shown

    def show_lines(self, lines: Iterable[tuple[str, str]], note: str = "") -> None:
        """Show other lines, and below them what holds for the figures."""
        lines = tuple(lines)
        if (lines, note) == (self._shown, self._note):
            return
        self._shown, self._note = lines, note
        empty(self._grid)
        for row, (name, value) in enumerate(lines):
            self._grid.addWidget(label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            value_label = label(value, "mono", wrap=True)
            value_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(value_label, row, 1)
        if note:
            self._grid.addWidget(label(note, "small"), len(lines), 0, 1, 2)
        self.setVisible(bool(lines))
