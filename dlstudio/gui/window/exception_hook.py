"""Catches what nobody caught, so that a mistake in a slot ends in words and not in the window."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal


class ExceptionHook(QObject):
    """Says what went wrong, from any thread; `release` gives the hooks back.

    Signals:
        caught: A line for people, and the traceback for the log.
    """

    caught = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        """Take the interpreter's hooks for uncaught exceptions."""
        super().__init__(parent)
        self._previous_hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._catch
        threading.excepthook = self._catch_in_thread

    def release(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._previous_hooks

    def _catch(
        self,
        error_type: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(error_type, KeyboardInterrupt):
            self._previous_hooks[0](error_type, error, trace)
            return
        self._report(error_type, error, trace)

    def _catch_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._report(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _report(
        self, error_type: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        details = "".join(traceback.format_exception(error_type, error, trace))
        sys.stderr.write(details)
        text = str(error).strip().splitlines()
        reason = text[0] if text else error_type.__name__
        self.caught.emit(f"Something went wrong: {reason} The log has the details.", details)
