"""Loads the pictures of cards one by one after the page is shown."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QPixmap

from dlstudio.design.library.example_results import picture_path
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import FileError, load
from dlstudio.gui.gallery.card import GalleryCard
from dlstudio.gui.gallery.network_thumbnail import network_thumbnail
from dlstudio.gui.style.theme import current_theme

_OUTLINE_SIZE = QSize(386, 192)
"""Size of the outline of a network, drawn where there is no picture."""


class PictureLoader(QObject):
    """Gives each card its picture, or the outline of its network."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: deque[GalleryCard] = deque()
        self._pictures: dict[tuple[str, str], QPixmap] = {}
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._load_next)

    @property
    def is_idle(self) -> bool:
        """Whether every card that asked for a picture has one."""
        return not self._waiting

    def request(self, card: GalleryCard) -> None:
        """Load a card's picture soon."""
        self._waiting.append(card)
        self._timer.start(0)

    def _load_next(self) -> None:
        card = self._waiting.popleft()
        if self._waiting:
            self._timer.start(0)
        if card.has_picture:
            return
        theme = current_theme()
        key = (card.name, theme.name)
        if key not in self._pictures:
            self._pictures[key] = picture_of(card.name, has_picture=card.info.has_picture)
        card.set_picture(self._pictures[key], fade=True)


def picture_of(name: str, *, has_picture: bool = True) -> QPixmap:
    """Return the picture of an example in the current theme, else the outline of its network."""
    theme = current_theme()
    picture = QPixmap(str(picture_path(name, theme.name))) if has_picture else QPixmap()
    if not picture.isNull():
        return picture
    try:
        return network_thumbnail(load(example_path(name)), _OUTLINE_SIZE, theme)
    except (FileError, FileNotFoundError):
        return QPixmap()
