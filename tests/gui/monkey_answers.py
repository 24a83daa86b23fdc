"""Answers every dialog and menu that opens, also those that wait for an answer before going on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from tests.gui.monkey_hand import Hand, turn
from tests.gui.monkey_watch import Watch

PATIENCE = 0.05
"""Seconds after which a move that has not come back is taken to wait for an answer."""
GLANCE = 15
MOST_ANSWERS = 12
"""Moves within one dialog until it is closed."""


class Answering(QObject):
    """Plays with what is in front, and closes it in the end."""

    def __init__(self, hand: Hand, chance: Random, watch: Watch) -> None:
        super().__init__()
        self._hand = hand
        self._chance = chance
        self._watch = watch
        self._moving_since = 0.0
        self._looks = 0
        self._held: QWidget | None = None
        self._answers = 0

    @property
    def is_wanted(self) -> bool:
        """Whether a popup or a dialog is in front."""
        return _waiting() is not None

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Answer what a move opens while it lasts."""
        self._moving_since = time.monotonic()
        if not self._looks:
            self._look_again()
        try:
            yield
        finally:
            self._moving_since = 0.0

    def answer(self) -> None:
        """Make one move in what is in front."""
        front = _waiting()
        if front is None:
            return
        self._count(front)
        self._watch.note(f"answer {type(front).__name__} {front.windowTitle()}")
        if self._answers > MOST_ANSWERS:
            front.close()
        elif isinstance(front, QMenu):
            self._in_menu(front)
        else:
            self._in_dialog()

    def close_all(self) -> None:
        """Close every popup and dialog."""
        for _ in range(50):
            front = _waiting()
            if front is None:
                return
            front.close()
            turn()

    def _count(self, front: QWidget) -> None:
        self._answers = self._answers + 1 if front is self._held else 0
        self._held = front

    def _in_menu(self, menu: QMenu) -> None:
        usable = [
            action for action in menu.actions() if action.isEnabled() and not action.isSeparator()
        ]
        if usable and self._chance.random() < 0.75:
            action = self._chance.choice(usable)
            self._hand.click(menu.mapToGlobal(menu.actionGeometry(action).center()))
        else:
            keys = (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Right)
            self._hand.key(self._chance.choice(keys))

    def _in_dialog(self) -> None:
        roll = self._chance.random()
        buttons = self._hand.seen(QAbstractButton)
        others = self._hand.seen()
        if roll < 0.4 and buttons:
            self._hand.click(self._hand.point_in(self._chance.choice(buttons)))
        elif roll < 0.6 and others:
            self._hand.click(self._hand.point_in(self._chance.choice(others)))
        else:
            keys = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Down)
            self._hand.key(self._chance.choice((*keys, Qt.Key.Key_3, Qt.Key.Key_Space)))

    def _look_again(self) -> None:
        self._looks += 1
        QTimer.singleShot(GLANCE, self, self._look)

    def _look(self) -> None:
        """Answer for a move that waits; a timer of its own for each look, since looks nest."""
        self._looks -= 1
        if not self._moving_since:
            return
        self._look_again()
        if time.monotonic() - self._moving_since > PATIENCE and self.is_wanted:
            self.answer()


def _waiting() -> QWidget | None:
    return QApplication.activePopupWidget() or QApplication.activeModalWidget()
