"""A framed table of properties: names on the left, monospaced values on the right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from dlstudio.gui.widgets.basic_widgets import clear_layout, label


class PropertyTable(QFrame):
    """Shows (name, value) rows and a note below them; hidden without rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(11, 9, 11, 9)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnStretch(1, 1)
        self._rows: tuple[tuple[str, str], ...] = ()
        self._note = ""
        self.hide()

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """The rows shown."""
        return self._rows

    def show_rows(self, rows: Iterable[tuple[str, str]], note: str = "") -> None:
        """Replace the rows and the note."""
        rows = tuple(rows)
        if (rows, note) == (self._rows, self._note):
            return
        self._rows, self._note = rows, note
        clear_layout(self._grid)
        for row, (name, value) in enumerate(rows):
            self._grid.addWidget(label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            value_label = label(value, "mono", wrap=True)
            value_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(value_label, row, 1)
        if note:
            self._grid.addWidget(label(note, "small"), len(rows), 0, 1, 2)
        self.setVisible(bool(rows))
