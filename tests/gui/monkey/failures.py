"""Records the failures of a monkey session and its coverage of actions and gestures."""

from __future__ import annotations

import sys
import threading
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import fmean
from unittest.mock import patch

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from dlstudio.gui.actions.action_table import ACTIONS
from dlstudio.gui.canvas.editor.view import CanvasView  # noqa: F401  (imports every gesture)
from dlstudio.gui.canvas.tools.gesture import Gesture
from dlstudio.gui.window.main_window import MainWindow

PHASES = ("start", "finish", "cancel")
EXPECTED_WARNING = "This plugin does not support"
"""Start of the warnings that the offscreen platform emits."""


class FailureRecorder:
    """Records exceptions and Qt warnings with the actions that preceded them."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.actions: list[str] = []

    def record_action(self, action: str) -> None:
        self.actions.append(action)

    def record_failure(self, text: str) -> None:
        self.failures.append(f"{text}\n  after: {' | '.join(self.actions[-6:])}")

    @contextmanager
    def recording(self) -> Iterator[FailureRecorder]:
        """Install hooks for exceptions, Qt messages and warnings, and restore them."""
        before = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        handler = qInstallMessageHandler(self._on_qt_message)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                yield self
            finally:
                qInstallMessageHandler(handler)
                sys.excepthook, threading.excepthook = before

    def _on_exception(self, kind: type, error: BaseException, trace: object) -> None:
        self.record_failure("".join(traceback.format_exception(error)))

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.record_failure("".join(traceback.format_exception(arguments.exc_value)))

    def _on_qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} and EXPECTED_WARNING not in text:
            stack = "".join(traceback.format_stack(limit=4)[:-1])
            self.record_failure(f"Qt warning: {text} ({context.category})\n{stack}")


class Coverage:
    """Counts triggered actions and phases of gestures, and records the sizes of designs."""

    def __init__(self) -> None:
        self.fired: Counter[str] = Counter()
        self.phases: Counter[tuple[str, str]] = Counter()
        self.moves: Counter[str] = Counter()
        self.sizes: list[int] = []

    def track(self, window: MainWindow) -> None:
        """Count the actions triggered in a window."""
        for name, action in window.menus.actions.items():
            action.triggered.connect(lambda _on=False, name=name: self.fired.update([name]))

    @contextmanager
    def counting_gestures(self) -> Iterator[None]:
        with ExitStack() as stack:
            for tool in Gesture.__subclasses__():
                for phase in PHASES:
                    counted = self._counted(getattr(tool, phase), tool.__name__, phase)
                    stack.enter_context(patch.object(tool, phase, counted))
            yield

    @property
    def unfired_actions(self) -> list[str]:
        return [action.id for action in ACTIONS if not self.fired[action.id]]

    @property
    def fired_share(self) -> float:
        return 1 - len(self.unfired_actions) / len(ACTIONS)

    @property
    def missed_phases(self) -> list[str]:
        return [
            f"{tool.__name__}.{phase}"
            for tool in Gesture.__subclasses__()
            for phase in PHASES
            if not self.phases[tool.__name__, phase]
        ]

    @property
    def mean_size(self) -> float:
        return fmean(self.sizes) if self.sizes else 0.0

    def summary_lines(self) -> list[str]:
        """Return the coverage as text."""
        tools = sorted({tool for tool, _phase in self.phases})
        phases = (
            f"  {tool}: " + ", ".join(f"{phase} {self.phases[tool, phase]}" for phase in PHASES)
            for tool in tools
        )
        return [
            f"{sum(self.moves.values())} moves on {self.mean_size:.1f} cards on average: "
            + ", ".join(f"{name} {count}" for name, count in self.moves.most_common()),
            f"{self.fired_share:.0%} of {len(ACTIONS)} actions fired, never: "
            + (", ".join(self.unfired_actions) or "none"),
            *phases,
        ]

    def _counted(self, method: Callable[..., None], tool: str, phase: str) -> Callable[..., None]:
        def counted(gesture: Gesture, *arguments: object) -> None:
            self.phases[tool, phase] += 1
            method(gesture, *arguments)

        return counted
