"""The gallery page: left column, search, and the examples by section."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dlstudio.design.library.examples import HISTORY, example_names, sections
from dlstudio.gui.gallery.card import ARROWS, GalleryCard
from dlstudio.gui.gallery.card_info import card_info
from dlstudio.gui.gallery.card_metrics import scale
from dlstudio.gui.gallery.picture_loader import PictureLoader
from dlstudio.gui.gallery.search import search, suggestions
from dlstudio.gui.gallery.search_bar import NothingFound, SearchBar
from dlstudio.gui.gallery.section_area import SectionArea, adjacent_card
from dlstudio.gui.gallery.sidebar import WIDTH, Sidebar
from dlstudio.gui.style.theme import current_theme, theme_changes
from dlstudio.gui.widgets.pages import move_focus_within

_ESCAPE = (QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape)
_NARROW_SIDEBAR = 250
_NARROW_WINDOW = 1200


class GalleryPage(QWidget):
    """The page; it covers the window's panels and never edits the open design.

    Signals:
        example_chosen: An example should be opened; carries its name.
        train_requested: An example should be opened and trained; carries its name.
        file_chosen: A recent design should be opened; carries its path.
        data_requested: A file of the user's own data should be chosen.
        left: The page should be closed.
    """

    example_chosen = Signal(str)
    train_requested = Signal(str)
    file_chosen = Signal(object)
    new_chosen = Signal()
    open_chosen = Signal()
    data_requested = Signal()
    left = Signal()
    status_facts = (f"{len(example_names())} examples", f"{len(HISTORY)} of them famous networks")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Examples")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._section_of = {name: title for title, names in sections().items() for name in names}
        self.sidebar = Sidebar()
        self.bar = SearchBar()
        self.search = self.bar.search
        self.nothing_found = NothingFound()
        self._pictures = PictureLoader(self)
        self.area = SectionArea(sections())
        for card in self.area.cards():
            self._on_card_added(card)
        self.area.card_added.connect(self._on_card_added)
        self._scroll = QScrollArea()
        self._lay_out()
        self._connect()
        shortcut = QShortcut(QKeySequence.StandardKey.Find, self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._focus_search)

    @property
    def cards(self) -> list[GalleryCard]:
        """The cards that are shown, in reading order."""
        return list(self.area.cards())

    @property
    def is_complete(self) -> bool:
        """Whether all pictures and recent designs were read."""
        return self._pictures.is_idle and self.sidebar.recent.is_complete

    def search_for(self, query: str) -> None:
        """Search for a text and select it, so that typing replaces it."""
        self.bar.search_for(query)

    def refresh(self, design: str = "") -> None:
        """Show the recent designs as they are now, and the name of the open design, if any."""
        self.sidebar.refresh()
        self.sidebar.show_design(design)

    def focus_first(self) -> None:
        """Focus the first card."""
        for card in self.cards[:1]:
            card.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between cards with the arrow keys, search by typing, leave with Esc."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._on_escape()
        elif key in ARROWS:
            self._move_focus(key)
        elif event.text().strip() and event.text().isprintable() and not _has_control(event):
            self._focus_search()
            self.search.insert(event.text())

    def event(self, event: QEvent) -> bool:
        """Keep Esc for this page where a shortcut of the window uses it too."""
        if isinstance(event, QKeyEvent) and (event.type(), event.key()) == _ESCAPE:
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep the focus among the widgets of this page, which covers all others."""
        moved = move_focus_within(self, forward)
        card = self.focusWidget()
        if isinstance(card, GalleryCard):
            self._scroll.ensureWidgetVisible(card)
        return moved

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the background; being opaque, the page keeps Qt from painting what it covers."""
        QPainter(self).fillRect(event.rect(), current_theme().colour("canvas"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW_WINDOW * scale()
        self.sidebar.setFixedWidth(round((_NARROW_SIDEBAR if narrow else WIDTH) * scale()))
        self._row.activate()

    def _lay_out(self) -> None:
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setWidget(self.area)
        self.nothing_found.hide()
        column = QVBoxLayout()
        column.setContentsMargins(23, 16, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setContentsMargins(5, 0, 20, 0)
        head.addWidget(self.bar)
        column.addLayout(head)
        column.addWidget(self.nothing_found)
        column.addWidget(self._scroll, 1)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(column, 1)

    def _connect(self) -> None:
        self.bar.changed.connect(self._filter)
        self.search.returnPressed.connect(self._open_first)
        self.nothing_found.idea_chosen.connect(self.search_for)
        self.nothing_found.filters_reset.connect(self.bar.reset_filters)
        self.sidebar.new_requested.connect(self.new_chosen)
        self.sidebar.open_requested.connect(self.open_chosen)
        self.sidebar.data_requested.connect(self.data_requested)
        self.sidebar.back_requested.connect(self.left)
        self.sidebar.recent_chosen.connect(self.file_chosen)
        theme_changes.changed.connect(self._on_theme_changed)

    def _filter(self) -> None:
        query = self.bar.query
        if not query:
            self.area.show_sections(self._accepts)
            self._show_nothing("", [])
            return
        names = search(query, tuple(self._section_of), self._section_of)
        accepted = [name for name in names if self._accepts(name)]
        self.area.show_results(query, accepted)
        self._show_nothing(query, names)
        self._scroll.verticalScrollBar().setValue(0)

    def _show_nothing(self, query: str, names: list[str]) -> None:
        is_empty = not self.area.sections
        if is_empty:
            filtered = bool(names) or not query
            ideas = [] if filtered else suggestions(query, tuple(self._section_of))
            self.nothing_found.show_ideas(query, ideas, filtered=filtered)
        self.nothing_found.setVisible(is_empty)
        self._scroll.setVisible(not is_empty)
        if is_empty:
            self.nothing_found.setMinimumHeight(200)

    def _accepts(self, name: str) -> bool:
        info = card_info(name)
        return self.bar.accepts(info.level, info.download)

    def _open_first(self) -> None:
        for card in self.cards[:1]:
            if self.bar.query:
                card.click()

    def _on_card_added(self, card: GalleryCard) -> None:
        card.clicked.connect(partial(self._choose, card.name))
        card.train_requested.connect(partial(self.train_requested.emit, card.name))
        card.arrow_pressed.connect(self._move_focus)
        self._pictures.request(card)

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.example_chosen.emit(name)

    def _on_escape(self) -> None:
        if self.bar.query:
            self.search.clear()
            self.focus_first()
        else:
            self.left.emit()

    def _move_focus(self, key: Qt.Key) -> None:
        rows = [row for section in self.area.sections for row in section.rows]
        card = adjacent_card(rows, self.focusWidget(), key)
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(card, 0, 40)

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _on_theme_changed(self) -> None:
        self.bar.show_theme()
        self.sidebar.show_theme()
        self.sidebar.refresh()
        self.area.lay_out()
        for card in self.area.all_cards():
            card.clear_picture()
            self._pictures.request(card)


def _has_control(event: QKeyEvent) -> bool:
    modifiers = Qt.KeyboardModifier
    return bool(event.modifiers() & (modifiers.ControlModifier | modifiers.AltModifier))
