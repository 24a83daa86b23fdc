"""The metrics of a run so far, as growing curves. Imports no widget and no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlstudio.training.protocol.events import EpochDone, SettingChanged, Started, StepsDone

if TYPE_CHECKING:  # imports numpy, which the first paint must not need
    from dlstudio.gui.runs.series import Series

STEP_LOSS = "train_loss"
LEARNING_RATE = "learning_rate"
THROUGHPUT = "throughput"
PER_STEP = (STEP_LOSS, LEARNING_RATE, THROUGHPUT)
"""Curves with one point per step; all others have one per epoch."""
_SPEED_WINDOW = 30
"""Number of throughput values for the time left; their median ignores pauses."""


@dataclass(frozen=True, slots=True)
class ChangeMarker:
    """A setting changed during the run, shown as a vertical line in the plots."""

    step: int
    text: str


@dataclass
class RunHistory:
    """The curves of one run over steps."""

    name: str = ""
    steps_per_epoch: int = 0
    samples_per_epoch: int = 0
    """Training samples per epoch."""
    epochs: int = 0
    guess: float | None = None
    """Accuracy of always predicting the most common class; None without classes."""
    epoch: int = 0
    step: int = 0
    series: dict[str, Series] = field(default_factory=dict)
    markers: list[ChangeMarker] = field(default_factory=list)
    version: int = 0
    """Incremented with every change, so that plots know when to redraw."""

    def clear(self) -> None:
        self.steps_per_epoch = self.epochs = self.epoch = self.step = 0
        self.guess = None
        self.series.clear()
        self.markers.clear()
        self.version += 1

    @property
    def is_empty(self) -> bool:
        """Whether there is no point yet."""
        return not any(len(series) for series in self.series.values())

    @property
    def total_steps(self) -> int:
        """Planned number of steps of the whole run."""
        return self.steps_per_epoch * self.epochs

    @property
    def seconds_left(self) -> float:
        """Estimated seconds until the planned end at the recent speed; NaN if unknown."""
        from statistics import median

        speeds = self.series[THROUGHPUT].y[-_SPEED_WINDOW:] if THROUGHPUT in self.series else ()
        speed = float(median(speeds)) if len(speeds) else 0.0
        if not speed > 0 or not self.total_steps:
            return float("nan")
        return (
            (self.total_steps - self.step) * self.samples_per_epoch / self.steps_per_epoch / speed
        )

    def last(self, name: str) -> float:
        """Return the last value of a curve, or NaN."""
        return self.series[name].last if name in self.series else float("nan")

    def record_start(self, event: Started) -> None:
        """Start, or resume from a checkpoint: later points are dropped."""
        self.steps_per_epoch = event.steps_per_epoch
        self.samples_per_epoch = event.samples.get("train", 0)
        self.epochs = event.epochs
        self.guess = event.guess
        self.step = event.step
        self.epoch = event.epoch
        for series in self.series.values():
            series.truncate(event.step)
        self.markers = [mark for mark in self.markers if mark.step <= event.step]
        self.version += 1

    def prepend(self, earlier: RunHistory, until: int) -> None:
        """Insert the earlier curves, up to step `until`, before the current ones."""
        for name, series in earlier.series.items():
            series.truncate(until)
            if name in self.series:
                series.append(self.series[name].x, self.series[name].y)
            self.series[name] = series
        self.markers = [*(mark for mark in earlier.markers if mark.step <= until), *self.markers]
        self.version += 1

    def record_steps(self, event: StepsDone) -> None:
        """Append losses, learning rates and throughput of some steps."""
        import numpy as np

        step_numbers = np.arange(event.first_step, event.last_step + 1, dtype=np.float64)
        self._append(STEP_LOSS, step_numbers, event.losses)
        self._append(LEARNING_RATE, step_numbers, event.rates)
        self._append(THROUGHPUT, event.last_step, event.samples_per_second)
        self.step = event.last_step
        self.epoch = event.epoch
        self.version += 1

    def record_epoch(self, event: EpochDone) -> None:
        """Append the metrics of an epoch."""
        for name, value in event.metrics.items():
            if name not in PER_STEP:
                self._append(name, event.step, value)
        self.step = max(self.step, event.step)
        self.epoch = max(self.epoch, event.epoch)
        self.version += 1

    def record_change(self, event: SettingChanged) -> None:
        """Add a marker for a changed setting."""
        self.markers.append(ChangeMarker(event.step, event.text))
        epochs = event.arguments.get("epochs")
        if event.change == "epochs" and isinstance(epochs, int):
            self.epochs = epochs
        self.version += 1

    def _append(self, name: str, x: object, y: object) -> None:
        import numpy as np

        from dlstudio.gui.runs.series import Series

        self.series.setdefault(name, Series()).append(np.asarray(x), np.asarray(y))
