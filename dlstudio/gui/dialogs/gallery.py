"""The gallery: lessons, famous networks, recent files, or an empty canvas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dlstudio.design.library.examples import HISTORY, example_path, sections
from dlstudio.design.library.files import FileError, load
from dlstudio.design.model.model import Project
from dlstudio.gui.dialogs.gallery_section import GAP, GallerySection, adjacent_card
from dlstudio.gui.dialogs.network_thumbnail import network_thumbnail
from dlstudio.gui.files.recent_files import recent_files
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import FONT_SIZE, current_theme
from dlstudio.training.specs.registry import TASKS

_THUMBNAIL_SIZE = QSize(236, 84)
CARD_WIDTH = _THUMBNAIL_SIZE.width() + 22
_TEXT_HEIGHT = 106
"""Height in pixels of a card's title, name and text at the default font size."""
_SIZE = (1100, 700)
_SIDE_WIDTH = 236
_MARGINS = 60
_SECTION_GAP = 26
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MAX_RECENT = 6


class ExampleCard(QPushButton):
    """One example: thumbnail, title, name and description.

    Signals:
        arrow_pressed: An arrow key was pressed.
    """

    arrow_pressed = Signal(object)

    def __init__(self, name: str, project: Project, section: str = "") -> None:
        """`section` is the title of the example's section, used for searching."""
        super().__init__()
        self.name = name
        graphs = (project.graph, *(block.graph for block in project.blocks.values()))
        kinds = {node.kind for graph in graphs for node in graph.nodes.values()}
        self.search_text = " ".join(
            (
                *_tags(name, project),
                section,
                _task_title(project),
                project.title,
                project.about,
                *kinds,
            )
        ).casefold()
        """Case-folded text that the search matches."""
        self.setProperty("look", "card")
        self.setAccessibleName(f"{project.title}: {project.about}")
        self.setToolTip(project.about)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        thumbnail = QLabel()
        pixmap = network_thumbnail(
            project, _THUMBNAIL_SIZE, current_theme(), self.devicePixelRatioF()
        )
        thumbnail.setPixmap(pixmap)
        title = QLabel(project.title or name)
        title.setProperty("role", "title")
        title.setWordWrap(True)
        tag = QLabel(" · ".join(_tags(name, project)))
        tag.setProperty("role", "tag")
        about = QLabel(_elided(project.about, self))
        about.setProperty("role", "small")
        about.setWordWrap(True)
        about.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(5)
        for label in (thumbnail, title, tag, about):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(label)
        column.addStretch(1)
        self.setAutoDefault(False)
        text_height = round(_TEXT_HEIGHT * _font_scale(self))
        self.setFixedSize(CARD_WIDTH, _THUMBNAIL_SIZE.height() + 36 + text_height)
        self._elide_about(about, column)

    def _elide_about(self, about: QLabel, column: QVBoxLayout) -> None:
        """Drop words from the end of the text until it fits below the title."""
        for label in self.findChildren(QLabel):
            label.ensurePolished()
        while column.heightForWidth(CARD_WIDTH) > self.height() and " " in about.text():
            text = about.text().removesuffix(" …").rpartition(" ")[0]
            about.setText(text.rstrip(" ,;:") + " …")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit arrow keys, with any of which a QPushButton would focus its next sibling."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self.arrow_pressed.emit(key)
        else:
            super().keyPressEvent(event)


class Gallery(QDialog):
    """The start page; examples are loaded one by one after it is shown."""

    example_chosen = Signal(str)
    file_chosen = Signal(object)
    new_chosen = Signal()
    open_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Examples")
        self.resize(*_SIZE)
        self.cards: list[ExampleCard] = []
        self.buttons: list[QPushButton] = []
        self._sections = {title: GallerySection(title, columns=3) for title in sections()}
        self._unread = [
            (name, self._sections[title]) for title, names in sections().items() for name in names
        ]
        self.search = self._build_search()
        self._scroll = QScrollArea()
        self._no_match_label = QLabel("No example matches the search.")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._build_sidebar())
        row.addWidget(self._build_examples(), 1)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._read_next)
        self._timer.start(0)

    @property
    def is_complete(self) -> bool:
        """Whether every example was loaded."""
        return not self._unread

    def search_for(self, query: str) -> None:
        """Search for `query` and select it in the search field, so that typing replaces it."""
        self.search.setText(query)
        self.search.selectAll()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between cards with the arrow keys, open with Enter, search by typing."""
        key = Qt.Key(event.key())
        focused = self.focusWidget()
        if key in _ENTER and isinstance(focused, QPushButton):
            focused.click()
            return
        if key in _ARROWS:
            self._move_focus(key)
        elif event.text().strip() and event.text().isprintable():
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.insert(event.text())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many columns of cards as fit."""
        super().resizeEvent(event)
        available = self.width() - _SIDE_WIDTH - _MARGINS
        for section in self._sections.values():
            section.set_columns(max(1, (available + GAP) // (CARD_WIDTH + GAP)))

    def _move_focus(self, key: Qt.Key) -> None:
        card = adjacent_card([*self._sections.values()], self.focusWidget(), key)
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(card)

    def _build_sidebar(self) -> QFrame:
        side = QFrame()
        side.setProperty("surface", "side")
        side.setFixedWidth(_SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(20, 24, 20, 20)
        column.setSpacing(8)
        heading = QLabel("dlstudio")
        heading.setProperty("role", "heading")
        tagline = QLabel("Draw a network, train it and watch what happens inside.")
        tagline.setProperty("role", "muted")
        tagline.setWordWrap(True)
        column.addWidget(heading)
        column.addWidget(tagline)
        column.addSpacing(12)
        column.addWidget(self._add_button("Empty canvas", "new", self.new_chosen.emit))
        column.addWidget(self._add_button("Open a design…", "open", self.open_chosen.emit))
        recent = recent_files()[:_MAX_RECENT]
        if recent:
            column.addSpacing(14)
            caption = QLabel("Recent")
            caption.setProperty("role", "caption")
            column.addWidget(caption)
        for path in recent:
            button = self._add_button(path.stem, "clock", partial(self.file_chosen.emit, path))
            button.setToolTip(str(path))
            column.addWidget(button)
        column.addStretch(1)
        return side

    def _build_examples(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 12, 14)
        inside = QWidget()
        examples_layout = QVBoxLayout(inside)
        examples_layout.setContentsMargins(0, 0, 8, 0)
        examples_layout.setSpacing(_SECTION_GAP)
        self._no_match_label.setProperty("role", "muted")
        self._no_match_label.hide()
        for widget in (self._no_match_label, *self._sections.values()):
            examples_layout.addWidget(widget)
        examples_layout.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        column.addWidget(self.search)
        column.addSpacing(10)
        column.addWidget(self._scroll, 1)
        return page

    def _build_search(self) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText("Search examples by name, topic or layer")
        line.setAccessibleName("Search examples")
        line.setClearButtonEnabled(True)
        line.textChanged.connect(self._filter)
        line.returnPressed.connect(self._open_first)
        shortcut = QShortcut(QKeySequence.StandardKey.Find, self)
        shortcut.activated.connect(line.setFocus)
        return line

    def _filter(self) -> None:
        for section in self._sections.values():
            section.filter(self._matches)
        has_match = any(section.shown for section in self._sections.values())
        self._no_match_label.setVisible(not has_match and self.is_complete)

    def _open_first(self) -> None:
        shown = [card for section in self._sections.values() for card in section.shown]
        query = self.search.text().strip().casefold()
        exact_matches = [card for card in self.cards if card.name == query]
        for card in (*exact_matches, *shown)[:1]:
            card.click()

    def _matches(self, card: QPushButton) -> bool:
        words = self.search.text().casefold().split()
        return isinstance(card, ExampleCard) and all(word in card.search_text for word in words)

    def _add_button(self, text: str, icon_name: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setIcon(icon(icon_name, current_theme().muted))
        button.setProperty("look", "entry")
        button.setAutoDefault(False)
        button.clicked.connect(partial(self._accept_and_run, action))
        self.buttons.append(button)
        return button

    def _accept_and_run(self, action: Callable[[], None], _checked: bool = False) -> None:
        self.accept()
        action()

    def _read_next(self) -> None:
        if not self._unread:
            self._timer.stop()
            return
        name, section = self._unread.pop(0)
        try:
            project = load(example_path(name))
        except (FileError, FileNotFoundError):
            return
        card = ExampleCard(name, project, section.title)
        card.clicked.connect(partial(self._accept_and_run, partial(self.example_chosen.emit, name)))
        card.arrow_pressed.connect(self._move_focus)
        section.add(card, shown=self._matches(card))
        self.cards.append(card)
        if len(self.cards) == 1 and not self.search.text():
            card.setFocus(Qt.FocusReason.OtherFocusReason)


def _task_title(project: Project) -> str:
    task = TASKS.get(project.training.task)
    return task.title if task is not None else ""


def _font_scale(widget: QWidget) -> float:
    """Return the ratio of the font size to the default, at least 1."""
    return max(widget.fontInfo().pixelSize() / FONT_SIZE, 1.0)


def _tags(name: str, project: Project) -> tuple[str, ...]:
    """Return the year of a famous network, the example's name, and `trained` if it has weights."""
    year = (str(HISTORY[name]),) if name in HISTORY else ()
    return (*year, name, "trained") if project.weights is not None else (*year, name)


def _elided(text: str, widget: QWidget) -> str:
    """Return the first lines of `text`, as many whole words as fit on a card."""
    max_width = int(_THUMBNAIL_SIZE.width() * 3.6)
    flat = " ".join(text.split())
    elided = QFontMetrics(widget.font()).elidedText(flat, Qt.TextElideMode.ElideRight, max_width)
    if elided == flat:
        return flat
    return elided.rpartition(" ")[0].rstrip(" ,;:") + " …"
