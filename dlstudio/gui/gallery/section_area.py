"""Lays out the sections of the gallery: as many columns as fit, two sections beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from dlstudio.design.library.examples import FAMOUS_PICTURES, FAMOUS_TEXT, START_SECTION
from dlstudio.gui.gallery.card import MARGIN, GalleryCard
from dlstudio.gui.gallery.card_info import card_info
from dlstudio.gui.gallery.card_metrics import (
    CARD_SIZES,
    GAP,
    ROW_GAP,
    SECTION_GAP,
    CardLook,
    card_size,
    scale,
)
from dlstudio.gui.gallery.section import Section, SectionHeading

_SLIM_SECTIONS = (FAMOUS_PICTURES, FAMOUS_TEXT)
_NOTES = {
    START_SECTION: "times: measured on one CPU core",
    FAMOUS_PICTURES: "designs without weights",
}
FIRST_CARDS = 4
"""Cards of the first section; they are numbered."""
_NARROW = 840
"""Below this width the first section has two columns."""
_PAIR_COLUMNS = 6
"""From this number of columns two sections stand beside each other."""
_SECOND_COLUMNS = 3
RESULTS_TITLE = "Results"


class SectionArea(QWidget):
    """The sections, or the results of a search.

    Signals:
        card_added: A card was created; carries the `GalleryCard`.
    """

    card_added = Signal(object)

    def __init__(self, names_by_title: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._cards: dict[tuple[str, CardLook], GalleryCard] = {}
        self._names_by_title = names_by_title
        self._sections = [self._create_section(title) for title in names_by_title]
        self._results = self._create_section(RESULTS_TITLE)
        self._shown: list[Section] = []
        self.show_sections(lambda _name: True)

    @property
    def sections(self) -> Sequence[Section]:
        """The sections that are shown, from top to bottom."""
        return self._shown

    def cards(self) -> Iterator[GalleryCard]:
        """Yield the cards that are shown, in reading order."""
        for section in self._shown:
            for row in section.rows:
                yield from row

    def all_cards(self) -> Iterator[GalleryCard]:
        """Yield every card that was created."""
        yield from self._cards.values()

    def show_sections(self, accepts: Callable[[str], bool]) -> None:
        """Show the sections with the examples that pass the filters."""
        for section in self._sections:
            section.names = tuple(filter(accepts, self._names_by_title[section.title]))
        self._shown = [section for section in self._sections if section.names]
        self.lay_out()

    def show_results(self, query: str, names: Sequence[str]) -> None:
        """Show the results of a search, best first, in place of the sections."""
        count = f"{len(names)} example{'' if len(names) == 1 else 's'}"
        self._results.heading.set_title(f"{count} for “{query}”")
        self._results.names, self._results.expanded = names, True
        self._shown = [self._results] if names else []
        self.lay_out()

    def expand(self, title: str) -> None:
        """Show all cards of a section."""
        for section in self._shown:
            if section.title == title and not section.expanded:
                self._toggle(section)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.lay_out()

    def lay_out(self) -> None:
        """Place headings and cards, and hide the others."""
        for section in (*self._sections, self._results):
            section.rows = []
            if section not in self._shown:
                section.heading.hide()
        y, waiting = MARGIN, list(self._shown)
        while waiting:
            group = [waiting.pop(0)]
            if waiting and self._stand_together(group[0], waiting[0]):
                group.append(waiting.pop(0))
            y = self._place_group(group, y) + round(ROW_GAP * scale())
        shown = set(self.cards())
        for card in self._cards.values():
            card.setVisible(card in shown)
        self.setMinimumHeight(y)

    @property
    def _inner_width(self) -> int:
        """Width without the room for the shadows of the outer cards."""
        return self.width() - 2 * MARGIN

    def _columns(self) -> int:
        smallest = round(CARD_SIZES[CardLook.SMALL].width * scale())
        return max(1, (self._inner_width + GAP) // (smallest + GAP))

    def _stand_together(self, first: Section, second: Section) -> bool:
        looks = {first.look, second.look}
        return (
            self._columns() >= _PAIR_COLUMNS
            and len(looks) == 1
            and CardLook.LARGE not in looks
            and not (first.expanded or second.expanded)
        )

    def _place_group(self, group: Sequence[Section], y: int) -> int:
        if len(group) == 1:
            columns = self._columns_of(group[0])
            return self._place(group[0], MARGIN, y, self._inner_width, columns)
        columns = self._columns()
        width = (self._inner_width - SECTION_GAP - (columns - 2) * GAP) / columns
        first = columns - _SECOND_COLUMNS
        left = round(first * width + (first - 1) * GAP)
        right = self._inner_width - left - SECTION_GAP
        return max(
            self._place(group[0], MARGIN, y, left, first),
            self._place(group[1], MARGIN + left + SECTION_GAP, y, right, _SECOND_COLUMNS),
        )

    def _columns_of(self, section: Section) -> int:
        if section.look is CardLook.LARGE:
            return FIRST_CARDS if self._inner_width >= _NARROW * scale() else 2
        return self._columns()

    def _place(self, section: Section, x: int, y: int, width: int, columns: int) -> int:
        """Place a section in a column of the page; return the y coordinate below it."""
        y = section.place_heading(x, y, width)
        first_row = FIRST_CARDS if section.look is CardLook.LARGE else columns
        shown = section.names if section.expanded else section.names[:first_row]
        section.heading.show_count(len(section.names), shown=len(shown), expanded=section.expanded)
        if section is self._results:
            section.heading.link.hide()
        for start, row_columns, look in self._rows(section, len(shown), columns):
            names = shown[start : start + row_columns]
            gap = 16 if look is CardLook.LARGE else GAP
            card_width = (width - (row_columns - 1) * gap) / row_columns
            size = card_size(look, int(card_width))
            cards = [
                self._card(name, look, start + index + 1 if look is CardLook.LARGE else 0)
                for index, name in enumerate(names)
            ]
            for index, card in enumerate(cards):
                corner = QRect(x + round(index * (card_width + gap)), y, 0, 0).topLeft()
                rect = QRect(corner, size)
                card.setGeometry(rect.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
            section.rows.append(cards)
            y += size.height() + gap
        return y - gap

    def _rows(
        self, section: Section, count: int, columns: int
    ) -> Iterator[tuple[int, int, CardLook]]:
        """Yield the first index, the columns and the look of each row of a section."""
        start, look = 0, section.look
        while start < count:
            if look is CardLook.LARGE and start >= FIRST_CARDS:
                look, columns = CardLook.SMALL, self._columns()
            yield start, columns, look
            start += columns

    def _card(self, name: str, look: CardLook, number: int) -> GalleryCard:
        key = (name, look)
        if key not in self._cards:
            self._cards[key] = GalleryCard(card_info(name), look, number, self)
            self.card_added.emit(self._cards[key])
        return self._cards[key]

    def _create_section(self, title: str) -> Section:
        look = CardLook.SMALL
        if title == START_SECTION:
            look = CardLook.LARGE
        elif title in _SLIM_SECTIONS:
            look = CardLook.SLIM
        section = Section(title, look, SectionHeading(title, _NOTES.get(title, ""), self))
        section.heading.link.clicked.connect(partial(self._toggle, section))
        section.heading.hide()
        return section

    def _toggle(self, section: Section, _checked: bool = False) -> None:
        section.expanded = not section.expanded
        self.lay_out()


def adjacent_card(
    rows: Sequence[Sequence[GalleryCard]], card: QWidget | None, key: Qt.Key
) -> GalleryCard | None:
    """Return the card that an arrow key leads to: in reading order, or the nearest in height."""
    cards = [item for row in rows for item in row]
    if not isinstance(card, GalleryCard) or card not in cards:
        return cards[0] if cards else None
    if key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
        index = cards.index(card) + (1 if key == Qt.Key.Key_Right else -1)
        return cards[index] if 0 <= index < len(cards) else None
    here = card.geometry().center()
    sign = 1 if key == Qt.Key.Key_Down else -1
    beyond = [other for other in cards if sign * (other.geometry().center().y() - here.y()) > 20]
    if not beyond:
        return None
    nearest = min(abs(other.geometry().top() - card.geometry().top()) for other in beyond)
    row = [o for o in beyond if abs(o.geometry().top() - card.geometry().top()) <= nearest + 8]
    return min(row, key=lambda other: abs(other.geometry().center().x() - here.x()))
