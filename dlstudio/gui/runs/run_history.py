"""What a run has said so far, as growing curves. Knows no widget and no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlstudio.training.protocol.events import EpochDone, SettingChanged, Started, StepsDone

if TYPE_CHECKING:  # it brings numpy, which the first paint does without
    from dlstudio.gui.runs.series import Series

STEP_LOSS = "train_loss"
LEARNING_RATE = "learning_rate"
THROUGHPUT = "throughput"
PER_STEP = (STEP_LOSS, LEARNING_RATE, THROUGHPUT)
"""Curves with a point for each step; all others have one for each epoch."""
_SPEED_WINDOW = 30
"""Reports of the speed that tell the time left; the median passes over pauses."""


@dataclass(frozen=True, slots=True)
class ChangeMarker:
    """A change while the run went on, for a line across the curves."""

    step: int
    text: str


@dataclass
class RunHistory:
    """Curves of one run, over steps."""

    name: str = ""
    steps_per_epoch: int = 0
    samples_per_epoch: int = 0
    """Samples that an epoch goes through."""
    epochs: int = 0
    epoch: int = 0
    step: int = 0
    series: dict[str, Series] = field(default_factory=dict)
    markers: list[ChangeMarker] = field(default_factory=list)
    version: int = 0
    """Grows with every change, so that a plot knows when to redraw."""

    def clear(self) -> None:
        """Forget everything."""
        self.steps_per_epoch = self.epochs = self.epoch = self.step = 0
        self.series.clear()
        self.markers.clear()
        self.version += 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing was measured yet."""
        return not any(len(series) for series in self.series.values())

    @property
    def total_steps(self) -> int:
        """Steps of the whole run as planned."""
        return self.steps_per_epoch * self.epochs

    @property
    def seconds_left(self) -> float:
        """The time to the planned end at the speed of late; NaN while it is not known."""
        from statistics import median

        speeds = self.series[THROUGHPUT].y[-_SPEED_WINDOW:] if THROUGHPUT in self.series else ()
        speed = float(median(speeds)) if len(speeds) else 0.0
        if not speed > 0 or not self.total_steps:
            return float("nan")
        return (
            (self.total_steps - self.step) * self.samples_per_epoch / self.steps_per_epoch / speed
        )

    def last(self, name: str) -> float:
        """Return the last value of a curve; NaN where there is none."""
        return self.series[name].last if name in self.series else float("nan")

    def record_start(self, event: Started) -> None:
        """Begin, or go on from a checkpoint: what lay beyond it is forgotten."""
        self.steps_per_epoch = event.steps_per_epoch
        self.samples_per_epoch = event.samples.get("train", 0)
        self.epochs = event.epochs
        self.step = event.step
        self.epoch = event.epoch
        for series in self.series.values():
            series.truncate(event.step)
        self.markers = [mark for mark in self.markers if mark.step <= event.step]
        self.version += 1

    def prepend(self, earlier: RunHistory, until: int) -> None:
        """Put what was measured up to a step before what was measured since."""
        for name, series in earlier.series.items():
            series.truncate(until)
            if name in self.series:
                series.append(self.series[name].x, self.series[name].y)
            self.series[name] = series
        self.markers = [*(mark for mark in earlier.markers if mark.step <= until), *self.markers]
        self.version += 1

    def record_steps(self, event: StepsDone) -> None:
        """Add the losses of some steps."""
        import numpy as np

        step_numbers = np.arange(event.first_step, event.last_step + 1, dtype=np.float64)
        self._append(STEP_LOSS, step_numbers, event.losses)
        self._append(LEARNING_RATE, step_numbers, event.rates)
        self._append(THROUGHPUT, event.last_step, event.samples_per_second)
        self.step = event.last_step
        self.epoch = event.epoch
        self.version += 1

    def record_epoch(self, event: EpochDone) -> None:
        """Add the figures of an epoch."""
        for name, value in event.metrics.items():
            if name not in PER_STEP:
                self._append(name, event.step, value)
        self.step = max(self.step, event.step)
        self.epoch = max(self.epoch, event.epoch)
        self.version += 1

    def record_change(self, event: SettingChanged) -> None:
        """Mark a change."""
        self.markers.append(ChangeMarker(event.step, event.text))
        epochs = event.arguments.get("epochs")
        if event.change == "epochs" and isinstance(epochs, int):
            self.epochs = epochs
        self.version += 1

    def _append(self, name: str, x: object, y: object) -> None:
        import numpy as np

        from dlstudio.gui.runs.series import Series

        self.series.setdefault(name, Series()).append(np.asarray(x), np.asarray(y))
