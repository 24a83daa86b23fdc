"""Screenshots of the real window, for the README and the command line."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.style.png import png_bytes
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.training.protocol.events import EpochDone, Failed, ProgressUpdate, Started, StepsDone

ProgressCallback = Callable[[str, float | None], None]
_CHECK_SECONDS = 120.0
_EVENT_SECONDS = 0.8
_REPRESENTATIVE_KINDS = ("conv2d", "conv1d", "linear", "embedding")
"""Layer kinds whose activations are most informative, best first."""


class ScreenshotError(Exception):
    """The screenshot failed; the text is for the user."""


def select_representative_layer(window: MainWindow) -> None:
    """Select the first layer with informative activations."""
    nodes = window.document.project.graph.nodes
    for kind in _REPRESENTATIVE_KINDS:
        layer = next((node_id for node_id, node in nodes.items() if node.kind == kind), None)
        if layer is not None:
            window.document.set_selection({layer})
            return


def train_and_wait(window: MainWindow, epochs: int, progress: ProgressCallback) -> None:
    """Train with the window's session and wait for the end of the run.

    Raises:
        ScreenshotError: The design has errors, or the run failed.
    """
    session = window.session
    failures: list[Failed] = []
    refusals: list[str] = []
    reporter = _ProgressReporter(progress)
    session.failed.connect(failures.append)
    session.rejected.connect(refusals.append)
    for signal in (session.started, session.steps_done, session.epoch_done, session.progress):
        signal.connect(reporter.on_event)
    session.train_more(epochs)
    wait_until(lambda: session.state == IDLE)
    for signal in (session.started, session.steps_done, session.epoch_done, session.progress):
        signal.disconnect(reporter.on_event)
    if refusals:
        raise ScreenshotError(refusals[0])
    if failures:
        raise ScreenshotError(failures[0].text)


def wait_for_check(window: MainWindow) -> None:
    """Wait until the design has been checked.

    Raises:
        ScreenshotError: The check failed or takes too long.
    """
    failures: list[str] = []
    window.checker.failed.connect(lambda text, _details: failures.append(text))
    finished = wait_until(lambda: bool(failures) or window.checker.is_current, _CHECK_SECONDS)
    if failures or not finished:
        raise ScreenshotError(failures[0] if failures else "Checking the design takes too long")


def wait_for_views(window: MainWindow) -> None:
    """Wait until a trained design shows its curves, activations and samples."""

    def is_idle() -> bool:
        panels = window.panels
        return panels is None or not (panels.activations.is_busy or panels.previous_run.is_busy)

    wait_until(is_idle, _CHECK_SECONDS)


def process_events(seconds: float = _EVENT_SECONDS) -> None:
    """Process timers and paint events."""
    end = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() > end)


def save_screenshot(window: MainWindow, path: Path) -> None:
    """Save the window as an image.

    Raises:
        ScreenshotError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png_bytes(window.grab().toImage()))
    except OSError as error:
        raise ScreenshotError(f"{path} cannot be written: {file_error_reason(error)}") from error


def wait_until(condition: Callable[[], bool], seconds: float = float("inf")) -> bool:
    """Run the event loop until the condition holds; False on timeout."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        loop = QEventLoop()
        QTimer.singleShot(10, loop.quit)
        loop.exec()
    QApplication.processEvents()
    return True


class _ProgressReporter:
    """Reports a run's events as text and a fraction completed."""

    def __init__(self, progress: ProgressCallback) -> None:
        self._progress = progress
        self._steps = 0
        self._epochs = 0

    def on_event(self, event: object) -> None:
        """Report one event."""
        if isinstance(event, Started):
            self._steps = event.steps_per_epoch * event.epochs
            self._epochs = event.epochs
        elif isinstance(event, StepsDone):
            share = event.last_step / self._steps if self._steps else None
            self._progress(f"epoch {event.epoch} of {self._epochs}", share)
        elif isinstance(event, EpochDone):
            self._progress(f"epoch {event.epoch} of {self._epochs}", event.epoch / self._epochs)
        elif isinstance(event, ProgressUpdate):
            self._progress(event.text, event.fraction)
