"""Trains an example in the window and prints the run's seconds and frame intervals as JSON.

python window_run.py EXAMPLE EPOCHS [--frames]

With --frames, a full repaint of the canvas is requested every 16 ms, as during a drag; without,
the window draws only what the run changes.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from dlstudio.app import make_application, make_window
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.screenshot import (
    process_events,
    select_representative_layer,
    wait_for_check,
    wait_until,
)
from dlstudio.training.protocol.events import Finished, Started


class FrameRecorder(QObject):
    """Requests a repaint of the canvas every 16 ms and records when each was painted."""

    def __init__(self, canvas: QObject) -> None:
        super().__init__()
        self.painted: list[float] = []
        canvas.installEventFilter(self)
        self.timer = QTimer(self)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(canvas.update)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted.append(time.perf_counter())
        return False


def main(example: str, epochs: int, *, record_frames: bool) -> None:
    """Train the example in the window and print the measurements."""
    make_application()
    window = make_window()
    window.show()
    process_events(0.2)
    window.build_plots()
    window.document.load(load(example_path(example)), None)
    wait_for_check(window)
    select_representative_layer(window)
    frames = FrameRecorder(window.editor.view)
    finished: list[Finished] = []
    started: list[Started] = []
    window.session.started.connect(started.append)
    window.session.finished.connect(finished.append)
    window.session.train_more(epochs)
    wait_until(lambda: bool(started), 60)
    frames.painted.clear()
    if record_frames:
        frames.timer.start(16)
    wait_until(lambda: window.session.state == IDLE)
    frames.timer.stop()
    gaps = np.diff(frames.painted) * 1e3
    metrics = {"seconds": finished[0].seconds, "frames": len(gaps)}
    if record_frames:
        metrics |= {"p99": float(np.percentile(gaps, 99)), "worst": float(gaps.max())}
    print(json.dumps(metrics), flush=True)
    window.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), record_frames="--frames" in sys.argv)
