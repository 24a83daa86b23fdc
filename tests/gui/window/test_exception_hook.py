from __future__ import annotations

import sys

from pytestqt.qtbot import QtBot

from dlstudio.gui.window.exception_hook import ExceptionHook
from dlstudio.gui.window.main_window import MainWindow


def test_unhandled_exception_is_logged(window: MainWindow, qtbot: QtBot) -> None:
    hook = ExceptionHook(window)
    hook.caught.connect(window.log.add_error)
    try:
        try:
            raise RuntimeError("the cable came loose")
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    finally:
        hook.release()
    assert "the cable came loose" in window.log.text()
    assert window.isVisible()
