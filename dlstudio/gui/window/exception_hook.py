"""Catches unhandled exceptions, so that an error in a slot shows a message and no crash."""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal


class ExceptionHook(QObject):
    """Reports unhandled exceptions of all threads, until `release`.

    Signals:
        caught: A message for the user, and the traceback for the log.
    """

    caught = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        """Install the hooks `sys.excepthook` and `threading.excepthook`."""
        super().__init__(parent)
        self._previous_hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._catch
        threading.excepthook = self._catch_in_thread

    def release(self) -> None:
        """Restore the previous hooks."""
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
        self.caught.emit(f"Something went wrong: {reason} See the log for details.", details)
