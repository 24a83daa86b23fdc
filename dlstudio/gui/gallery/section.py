"""A section of the gallery: a heading with a link that expands it, and its cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from dlstudio.gui.gallery.card import GalleryCard
from dlstudio.gui.gallery.card_metrics import CardLook, scale

HEADING_HEIGHT = 28


class SectionHeading(QWidget):
    """The title of a section, a note, and the link that shows all of it or less."""

    def __init__(self, title: str, note: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._heading = QLabel(title)
        self._heading.setProperty("role", "section")
        self._note = QLabel(note)
        self._note.setProperty("role", "small")
        self.link = QPushButton()
        self.link.setProperty("look", "link")
        self.link.setCursor(Qt.CursorShape.PointingHandCursor)
        self._title = title
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._heading)
        row.addStretch(1)
        row.addWidget(self._note)
        row.addWidget(self.link)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._heading.setText(title)

    def show_count(self, count: int, *, shown: int, expanded: bool) -> None:
        """Offer to show all cards, or fewer again; hide the link if all are shown anyway."""
        self.link.setText("Fewer" if expanded else f"All {count}")
        verb = "Show fewer" if expanded else f"Show all {count}"
        self.link.setAccessibleName(f"{verb}: {self._title}")
        self.link.setVisible(expanded or shown < count)

    def fit(self, width: int) -> None:
        """Hide the note if it does not fit beside title and link."""
        self._note.show()
        self._note.setVisible(self.sizeHint().width() <= width)


@dataclass
class Section:
    """A section of examples on the page.

    Attributes:
        names: Names of the examples that pass the filters, in order.
        expanded: Whether all of them are shown.
        rows: The cards as laid out.
    """

    title: str
    look: CardLook
    heading: SectionHeading
    names: Sequence[str] = ()
    expanded: bool = False
    rows: list[list[GalleryCard]] = field(default_factory=list)

    def place_heading(self, x: int, y: int, width: int) -> int:
        """Put the heading at the top left; return the y coordinate below it."""
        height = round(HEADING_HEIGHT * scale())
        self.heading.setGeometry(QRect(x, y, width, height))
        self.heading.fit(width)
        self.heading.show()
        return y + height
