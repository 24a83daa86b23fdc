"""A section of the gallery: a heading and its cards in as many columns as fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

GAP = 14
_HORIZONTAL = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_VERTICAL = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class GallerySection(QWidget):
    """A heading with a grid of cards."""

    def __init__(self, title: str, columns: int) -> None:
        super().__init__()
        self.title = title
        self.cards: list[QPushButton] = []
        self.shown: list[QPushButton] = []
        """Cards that match the filter, in order."""
        self.columns = columns
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading)
        column.addSpacing(6)
        column.addLayout(self._grid)

    def add(self, card: QPushButton, *, shown: bool = True) -> None:
        """Append a card."""
        self.cards.append(card)
        card.setParent(self)
        card.setVisible(shown)
        if shown:
            self._add_to_grid(card, len(self.shown))
            self.shown.append(card)
        self.setVisible(bool(self.shown))

    def filter(self, matches: Callable[[QPushButton], bool]) -> None:
        """Show only the cards that match; hide the section if none does."""
        for card in self.shown:
            self._grid.removeWidget(card)
        self.shown = [card for card in self.cards if matches(card)]
        for card in self.cards:
            card.setVisible(card in self.shown)
        for index, card in enumerate(self.shown):
            self._add_to_grid(card, index)
        self.setVisible(bool(self.shown))

    def set_columns(self, columns: int) -> None:
        """Set the number of columns."""
        if columns == self.columns:
            return
        self.columns = columns
        for index, card in enumerate(self.shown):
            self._add_to_grid(card, index)

    def _add_to_grid(self, card: QPushButton, index: int) -> None:
        self._grid.addWidget(card, index // self.columns, index % self.columns)


def adjacent_card(
    sections: Sequence[GallerySection], card: QWidget | None, key: Qt.Key
) -> QPushButton | None:
    """Return the card that an arrow key leads to, or None."""
    rows = [
        section.shown[start : start + section.columns]
        for section in sections
        for start in range(0, len(section.shown), section.columns)
    ]
    cards = [item for row in rows for item in row]
    if card not in cards:
        return cards[0] if cards else None
    row_index, row = next(
        (position, row_cards) for position, row_cards in enumerate(rows) if card in row_cards
    )
    if key in _HORIZONTAL:
        index = cards.index(card) + _HORIZONTAL[key]
        return cards[index] if 0 <= index < len(cards) else None
    row_index += _VERTICAL[key]
    if not 0 <= row_index < len(rows):
        return None
    return rows[row_index][min(row.index(card), len(rows[row_index]) - 1)]
