"""Sees what goes wrong while a monkey plays, and what it has touched."""

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

from dlstudio.gui.action_table import ACTIONS
from dlstudio.gui.canvas.tools.gesture import Gesture
from dlstudio.gui.canvas.view import CanvasView  # noqa: F401  (imports every gesture)
from dlstudio.gui.main_window import MainWindow

PHASES = ("start", "finish", "cancel")
HARMLESS = "This plugin does not support"
"""How the offscreen platform's own warnings begin."""


class Watch:
    """Collects exceptions and Qt warnings; `trail` says what was done just before."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.trail: list[str] = []

    def note(self, what: str) -> None:
        self.trail.append(what)

    def blame(self, text: str) -> None:
        self.faults.append(f"{text}\n  after: {' | '.join(self.trail[-6:])}")

    @contextmanager
    def looking(self) -> Iterator[Watch]:
        """Take every hook through which a fault could be told, and give it back."""
        before = sys.excepthook, threading.excepthook
        sys.excepthook = self._take
        threading.excepthook = self._take_from_thread
        handler = qInstallMessageHandler(self._take_message)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                yield self
            finally:
                qInstallMessageHandler(handler)
                sys.excepthook, threading.excepthook = before

    def _take(self, kind: type, error: BaseException, trace: object) -> None:
        self.blame("".join(traceback.format_exception(error)))

    def _take_from_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.blame("".join(traceback.format_exception(arguments.exc_value)))

    def _take_message(self, kind: QtMsgType, where: QMessageLogContext, text: str) -> None:
        if kind not in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} and HARMLESS not in text:
            stack = "".join(traceback.format_stack(limit=4)[:-1])
            self.blame(f"Qt says: {text} ({where.category})\n{stack}")


class Coverage:
    """Counts fired actions, phases of gestures and the size of the designs played with."""

    def __init__(self) -> None:
        self.fired: Counter[str] = Counter()
        self.phases: Counter[tuple[str, str]] = Counter()
        self.moves: Counter[str] = Counter()
        self.sizes: list[int] = []

    def follow(self, window: MainWindow) -> None:
        """Count what the window's actions do from now on."""
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
    def never_fired(self) -> list[str]:
        return [action.id for action in ACTIONS if not self.fired[action.id]]

    @property
    def share_fired(self) -> float:
        return 1 - len(self.never_fired) / len(ACTIONS)

    @property
    def phases_missed(self) -> list[str]:
        return [
            f"{tool.__name__}.{phase}"
            for tool in Gesture.__subclasses__()
            for phase in PHASES
            if not self.phases[tool.__name__, phase]
        ]

    @property
    def mean_size(self) -> float:
        return fmean(self.sizes) if self.sizes else 0.0

    def lines(self) -> list[str]:
        """Return what was covered, for people."""
        tools = sorted({tool for tool, _phase in self.phases})
        phases = (
            f"  {tool}: " + ", ".join(f"{phase} {self.phases[tool, phase]}" for phase in PHASES)
            for tool in tools
        )
        return [
            f"{sum(self.moves.values())} moves on {self.mean_size:.1f} cards on average: "
            + ", ".join(f"{name} {count}" for name, count in self.moves.most_common()),
            f"{self.share_fired:.0%} of {len(ACTIONS)} actions fired, never: "
            + (", ".join(self.never_fired) or "none"),
            *phases,
        ]

    def _counted(self, done: Callable[..., None], tool: str, phase: str) -> Callable[..., None]:
        def counted(gesture: Gesture, *arguments: object) -> None:
            self.phases[tool, phase] += 1
            done(gesture, *arguments)

        return counted
