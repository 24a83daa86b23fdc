"""What a run has said so far, as growing curves. Knows no widget and no torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlstudio.training.events import Changed, EpochDone, Started, StepsDone

if TYPE_CHECKING:  # it brings numpy, which the first paint does without
    from dlstudio.gui.plots.series import Series

STEP_LOSS = "train_loss"
LEARNING_RATE = "learning_rate"
THROUGHPUT = "throughput"
PER_STEP = (STEP_LOSS, LEARNING_RATE, THROUGHPUT)
"""Curves with a point for each step; all others have one for each epoch."""
_OF_LATE = 30
"""Reports of the speed that tell the time left; the median passes over pauses."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A change while the run went on, for a line across the curves."""

    step: int
    text: str


@dataclass
class History:
    """Curves of one run, over steps."""

    name: str = ""
    steps_per_epoch: int = 0
    samples: int = 0
    """Samples that an epoch goes through."""
    epochs: int = 0
    epoch: int = 0
    step: int = 0
    series: dict[str, Series] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    version: int = 0
    """Grows with every change, so that a plot knows when to redraw."""

    def clear(self) -> None:
        """Forget everything."""
        self.steps_per_epoch = self.epochs = self.epoch = self.step = 0
        self.series.clear()
        self.marks.clear()
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

        speeds = self.series[THROUGHPUT].y[-_OF_LATE:] if THROUGHPUT in self.series else ()
        speed = float(median(speeds)) if len(speeds) else 0.0
        if not speed > 0 or not self.total_steps:
            return float("nan")
        return (self.total_steps - self.step) * self.samples / self.steps_per_epoch / speed

    def last(self, name: str) -> float:
        """Return the last value of a curve; NaN where there is none."""
        return self.series[name].last if name in self.series else float("nan")

    def started(self, event: Started) -> None:
        """Begin, or go on from a checkpoint: what lay beyond it is forgotten."""
        self.steps_per_epoch = event.steps_per_epoch
        self.samples = event.samples.get("train", 0)
        self.epochs = event.epochs
        self.step = event.step
        self.epoch = event.epoch
        for series in self.series.values():
            series.truncate(event.step)
        self.marks = [mark for mark in self.marks if mark.step <= event.step]
        self.version += 1

    def precede(self, earlier: History, until: int) -> None:
        """Put what was measured up to a step before what was measured since."""
        for name, series in earlier.series.items():
            series.truncate(until)
            if name in self.series:
                series.append(self.series[name].x, self.series[name].y)
            self.series[name] = series
        self.marks = [*(mark for mark in earlier.marks if mark.step <= until), *self.marks]
        self.version += 1

    def steps(self, event: StepsDone) -> None:
        """Add the losses of some steps."""
        import numpy as np

        step_numbers = np.arange(event.first_step, event.last_step + 1, dtype=np.float64)
        self._add(STEP_LOSS, step_numbers, event.losses)
        self._add(LEARNING_RATE, step_numbers, event.rates)
        self._add(THROUGHPUT, event.last_step, event.samples_per_second)
        self.step = event.last_step
        self.epoch = event.epoch
        self.version += 1

    def epoch_done(self, event: EpochDone) -> None:
        """Add the figures of an epoch."""
        for name, value in event.metrics.items():
            if name not in PER_STEP:
                self._add(name, event.step, value)
        self.step = max(self.step, event.step)
        self.epoch = max(self.epoch, event.epoch)
        self.version += 1

    def changed(self, event: Changed) -> None:
        """Mark a change."""
        self.marks.append(Mark(event.step, event.text))
        epochs = event.arguments.get("epochs")
        if event.change == "epochs" and isinstance(epochs, int):
            self.epochs = epochs
        self.version += 1

    def _add(self, name: str, x: object, y: object) -> None:
        import numpy as np

        from dlstudio.gui.plots.series import Series

        self.series.setdefault(name, Series()).append(np.asarray(x), np.asarray(y))
