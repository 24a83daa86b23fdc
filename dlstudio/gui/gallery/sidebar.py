"""The left column of the gallery: begin anew, open, use own data, or continue a recent design."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dlstudio.gui.actions.action_table import ACTIONS_BY_ID
from dlstudio.gui.document.preferences import preferences, set_preference
from dlstudio.gui.files.recent_files import recent_files
from dlstudio.gui.gallery.recent_designs import RecentDesigns
from dlstudio.gui.style.icons import icon, pixmap
from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, label

WIDTH = 300
_LOGO = 34
_ICON = QSize(18, 18)


class StartButton(QPushButton):
    """A button with an icon, a title, a line below it and a shortcut."""

    def __init__(self, title: str, line: str, icon_name: str, key: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setProperty("look", "start")
        self.setAccessibleName(f"{title}, {line}")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._picture = QLabel()
        self._picture.setFixedSize(_ICON)
        self.title, self._line = ElidedLabel("title"), ElidedLabel("small")
        self.title.setText(title)
        self._line.setText(line)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.title)
        texts.addWidget(self._line)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 12, 7)
        row.setSpacing(13)
        row.addWidget(self._picture)
        row.addLayout(texts, 1)
        if key:
            row.addWidget(key_label(key), 0, Qt.AlignmentFlag.AlignVCenter)
        for child in self.findChildren(QLabel):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.show_theme()

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.minimumSize()

    def show_theme(self) -> None:
        """Draw the icon in the theme's colours."""
        colour, ratio = current_theme().accent_text, self.devicePixelRatioF()
        self._picture.setPixmap(pixmap(self._icon_name, _ICON.width(), colour, ratio))

    def set_title(self, title: str) -> None:
        """Change the title."""
        self.title.setText(title)
        self.setAccessibleName(f"{title}, {self._line.text()}")


class Sidebar(QFrame):
    """The left column.

    Signals:
        data_requested: A file of the user's own data should be chosen.
        back_requested: The page should be left for the open design.
    """

    new_requested = Signal()
    open_requested = Signal()
    data_requested = Signal()
    back_requested = Signal()
    recent_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "side")
        self.new_button = StartButton("New design", "an empty canvas", "new", _key("new"))
        self.open_button = StartButton("Open…", "a design or a bundle", "open", _key("open"))
        self.back_button = StartButton("", "back to the open design", "chevron-left", "Esc")
        self.data_button = QPushButton("Choose a file…")
        self.data_button.setProperty("look", "link")
        self.recent = RecentDesigns()
        self.recent.chosen.connect(self.recent_chosen)
        self._no_recent = label("Designs that you save or open appear here.", "small", wrap=True)
        self.at_start = QCheckBox("Show this page at the start")
        self.at_start.setChecked(preferences().show_gallery)
        self.at_start.toggled.connect(_store_at_start)
        for button, signal in (
            (self.new_button, self.new_requested),
            (self.open_button, self.open_requested),
            (self.back_button, self.back_requested),
            (self.data_button, self.data_requested),
        ):
            button.clicked.connect(signal)
        self._logo, self._data_icon = QLabel(), QLabel()
        self._lay_out()
        self.show_theme()
        self.refresh()
        self.show_design("")

    def refresh(self) -> None:
        """Show the recent designs as they are now."""
        paths = recent_files()
        self.recent.show_paths(paths)
        self.recent.setVisible(bool(paths))
        self._no_recent.setVisible(not paths)

    def show_design(self, name: str) -> None:
        """Offer to go back to the open design; an empty name offers nothing."""
        self.back_button.set_title(f"Back to {name}")
        self.back_button.setVisible(bool(name))

    def show_theme(self) -> None:
        """Draw the icons in the theme's colours."""
        ratio = self.devicePixelRatioF()
        self._logo.setPixmap(_logo(ratio))
        self._data_icon.setPixmap(pixmap("data", 20, current_theme().accent_text, ratio))
        for button in (self.new_button, self.open_button, self.back_button):
            button.show_theme()

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(22, 20, 22, 12)
        column.setSpacing(8)
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(self._logo)
        title.addWidget(label("dlstudio", "name"), 1)
        column.addLayout(title)
        column.addSpacing(4)
        column.addWidget(
            label("Draw a network, train it and watch what happens inside.", "muted", wrap=True)
        )
        column.addSpacing(6)
        for button in (self.back_button, self.new_button, self.open_button):
            column.addWidget(button)
        column.addSpacing(14)
        column.addWidget(label("Your data", "section"))
        column.addWidget(self._data_box())
        column.addSpacing(14)
        column.addWidget(label("Recent designs", "section"))
        column.addWidget(self._no_recent)
        column.addWidget(self.recent)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(22, 10, 22, 14)
        bottom.addWidget(self.at_start)
        outer.addLayout(bottom)

    def _data_box(self) -> QFrame:
        box = QFrame()
        box.setProperty("surface", "drop")
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(label("Drop a CSV or a folder here", "medium", wrap=True))
        words = (
            "A table, images in one folder per class, sounds, or text. It stays on this computer."
        )
        texts.addWidget(label(words, "small", wrap=True))
        texts.addWidget(self.data_button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(box)
        row.setContentsMargins(14, 12, 12, 10)
        row.setSpacing(12)
        row.addWidget(self._data_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        return box


def key_label(key: str) -> QLabel:
    """Return a shortcut as a small key."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return label(text, "key")


def _key(action: str) -> str:
    return ACTIONS_BY_ID[action].keys[0]


def _logo(ratio: float) -> QPixmap:
    image = icon("dlstudio").pixmap(QSize(_LOGO, _LOGO), ratio)
    image.setDevicePixelRatio(ratio)
    return image


def _store_at_start(shown: bool) -> None:
    set_preference("show_gallery", shown)
