"""The head of the gallery: search field, ideas to try, level and download filters."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.library.example_cards import LEVELS
from dlstudio.gui.gallery.sidebar import key_label
from dlstudio.gui.gallery.synonyms import IDEAS
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.basic_widgets import label

SEARCH_WIDTH = 440
ANY_LEVEL = -1


class SearchBar(QWidget):
    """Search and filters.

    Signals:
        changed: The query or a filter changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find an example: an idea, a layer, a data set")
        self.search.setAccessibleName("Search examples")
        self.search.setMaximumWidth(SEARCH_WIDTH)
        self.search.setProperty("look", "search")
        self._icon_action: QAction | None = None
        self._key = key_label("Ctrl+F")
        self.search.textChanged.connect(self.changed)
        self.search.textChanged.connect(self._show_key)
        self.search.setTextMargins(0, 0, self._key.sizeHint().width() + 8, 0)
        inner = QHBoxLayout(self.search)
        inner.setContentsMargins(0, 0, 9, 0)
        inner.addStretch(1)
        inner.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)
        self.level = QComboBox()
        self.level.setAccessibleName("Level")
        self.level.addItem("Any level", ANY_LEVEL)
        for index, level in enumerate(LEVELS):
            self.level.addItem(level.capitalize(), index)
        self.level.currentIndexChanged.connect(self.changed)
        self.offline = QCheckBox("Without a download")
        self.offline.toggled.connect(self.changed)
        self._try = label("Try", "muted")
        self.chips = [self._create_chip(idea) for idea in IDEAS]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search, 10)
        row.addSpacing(8)
        for widget in (self._try, *self.chips):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.level)
        row.addSpacing(6)
        row.addWidget(self.offline)
        self.show_theme()

    @property
    def query(self) -> str:
        """The text of the search."""
        return self.search.text().strip()

    def search_for(self, query: str) -> None:
        """Search for a text and select it, so that typing replaces it."""
        self.search.setText(query)
        self.search.selectAll()
        self.search.setFocus()

    def accepts(self, level: int, download: str) -> bool:
        """Whether an example passes the filters."""
        wanted = self.level.currentData()
        return wanted in {ANY_LEVEL, level} and not (self.offline.isChecked() and download)

    def reset_filters(self) -> None:
        """Accept every example."""
        self.level.setCurrentIndex(0)
        self.offline.setChecked(False)

    def show_theme(self) -> None:
        """Draw the icons in the theme's colours."""
        if self._icon_action is not None:
            self.search.removeAction(self._icon_action)
        magnifier = icon("search", current_theme().muted)
        position = QLineEdit.ActionPosition.LeadingPosition
        self._icon_action = self.search.addAction(magnifier, position)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the ideas that do not fit."""
        super().resizeEvent(event)
        self._fit_chips()

    def _fit_chips(self) -> None:
        needed = SEARCH_WIDTH * 0.6 + self.level.sizeHint().width() + 60
        needed += self.offline.sizeHint().width() + self._try.sizeHint().width()
        for chip in self.chips:
            needed += chip.sizeHint().width() + 8
            chip.setVisible(needed <= self.width())
        self._try.setVisible(not self.chips[0].isHidden())

    def _create_chip(self, idea: str) -> QPushButton:
        chip = QPushButton(idea)
        chip.setProperty("look", "pill")
        chip.setAutoDefault(False)
        chip.clicked.connect(partial(self._try_idea, idea))
        return chip

    def _try_idea(self, idea: str, _checked: bool = False) -> None:
        self.search_for(idea)

    def _show_key(self, text: str) -> None:
        self._key.setVisible(not text)
        self.search.setClearButtonEnabled(bool(text))


class NothingFound(QWidget):
    """What is shown when no example matches: the nearest ideas as buttons.

    Signals:
        idea_chosen: An idea to search for.
        filters_reset: The filters should accept every example.
    """

    idea_chosen = Signal(str)
    filters_reset = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text = label("", "heading", wrap=True)
        self._hint = label("", "muted", wrap=True)
        self.buttons: list[QPushButton] = []
        self.reset_button = QPushButton("Any level, with downloads")
        self.reset_button.clicked.connect(self.filters_reset)
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.reset_button)
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 20, 5, 0)
        column.setSpacing(10)
        column.addWidget(self._text)
        column.addWidget(self._hint)
        column.addLayout(self._row)
        column.addStretch(1)

    def show_ideas(self, query: str, ideas: list[str], *, filtered: bool) -> None:
        """Show the nearest ideas for a query; `filtered` if the filters hide matches."""
        self._text.setText(f"No example matches “{query}”" if query else "No example matches")
        self._hint.setText(
            "The filters hide the matches." if filtered else "The nearest ideas in the gallery:"
        )
        for button in self.buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        self.reset_button.setVisible(filtered)
        for index, idea in enumerate([] if filtered else ideas):
            button = QPushButton(idea)
            button.setProperty("look", "pill")
            button.clicked.connect(partial(self._choose, idea))
            self._row.insertWidget(index, button)
            self.buttons.append(button)

    def _choose(self, idea: str, _checked: bool = False) -> None:
        self.idea_chosen.emit(idea)
