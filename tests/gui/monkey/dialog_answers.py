"""Answers dialogs and menus, also modal dialogs that block the current move."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from tests.gui.monkey.failures import FailureRecorder
from tests.gui.monkey.input import InputDevice, process_events

WAIT_SECONDS = 0.05
"""Seconds after which an unfinished move counts as blocked by a dialog."""
CHECK_MS = 15
MAX_ANSWERS = 12
"""Number of moves in one dialog before it is closed."""


class DialogAnswerer(QObject):
    """Sends random input to the front dialog or menu and closes it after some moves."""

    def __init__(self, input_device: InputDevice, rng: Random, recorder: FailureRecorder) -> None:
        super().__init__()
        self._input = input_device
        self._rng = rng
        self._recorder = recorder
        self._move_started = 0.0
        self._pending_checks = 0
        self._current: QWidget | None = None
        self._answers = 0

    @property
    def has_dialog(self) -> bool:
        """Whether a popup or a dialog is open."""
        return _front_dialog() is not None

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Answer the dialogs that a move opens before it returns."""
        self._move_started = time.monotonic()
        if not self._pending_checks:
            self._schedule_check()
        try:
            yield
        finally:
            self._move_started = 0.0

    def answer(self) -> None:
        """Make one move in the front dialog or menu."""
        front = _front_dialog()
        if front is None:
            return
        self._count(front)
        self._recorder.record_action(f"answer {type(front).__name__} {front.windowTitle()}")
        if self._answers > MAX_ANSWERS:
            front.close()
        elif isinstance(front, QMenu):
            self._answer_menu(front)
        else:
            self._answer_dialog()

    def close_all(self) -> None:
        """Close every popup and dialog."""
        for _ in range(50):
            front = _front_dialog()
            if front is None:
                return
            front.close()
            process_events()

    def _count(self, front: QWidget) -> None:
        self._answers = self._answers + 1 if front is self._current else 0
        self._current = front

    def _answer_menu(self, menu: QMenu) -> None:
        enabled = [
            action for action in menu.actions() if action.isEnabled() and not action.isSeparator()
        ]
        if enabled and self._rng.random() < 0.75:
            action = self._rng.choice(enabled)
            self._input.click(menu.mapToGlobal(menu.actionGeometry(action).center()))
        else:
            keys = (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Right)
            self._input.key(self._rng.choice(keys))

    def _answer_dialog(self) -> None:
        roll = self._rng.random()
        buttons = self._input.visible_widgets(QAbstractButton)
        others = self._input.visible_widgets()
        if roll < 0.4 and buttons:
            self._input.click(self._input.random_point_in(self._rng.choice(buttons)))
        elif roll < 0.6 and others:
            self._input.click(self._input.random_point_in(self._rng.choice(others)))
        else:
            keys = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Down)
            self._input.key(self._rng.choice((*keys, Qt.Key.Key_3, Qt.Key.Key_Space)))

    def _schedule_check(self) -> None:
        self._pending_checks += 1
        QTimer.singleShot(CHECK_MS, self, self._check)

    def _check(self) -> None:
        """Answer if the move is blocked; each check has its own timer, because checks nest."""
        self._pending_checks -= 1
        if not self._move_started:
            return
        self._schedule_check()
        if time.monotonic() - self._move_started > WAIT_SECONDS and self.has_dialog:
            self.answer()


def _front_dialog() -> QWidget | None:
    return QApplication.activePopupWidget() or QApplication.activeModalWidget()
