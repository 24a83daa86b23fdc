"""The metrics of a run so far, as growing curves. Imports no widget and no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import TYPE_CHECKING

from dlstudio.gui.runs.epoch_axis import EpochAxis, LengthChange
from dlstudio.training.protocol.events import (
    EpochDone,
    Finished,
    SettingChanged,
    Started,
    StepsDone,
)

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
    """Steps in an epoch from now on."""
    length_changes: tuple[LengthChange, ...] = ()
    """Where that number has changed."""
    samples_per_epoch: int = 0
    """Training samples per epoch."""
    epochs: int = 0
    baseline: Mapping[str, float] = field(default_factory=dict)
    """Metrics of the best constant prediction, by the names of the curves."""
    leaks: tuple[str, ...] = ()
    """Subsets with samples on which the initial weights were trained."""
    epoch: int = 0
    step: int = 0
    series: dict[str, Series] = field(default_factory=dict)
    markers: list[ChangeMarker] = field(default_factory=list)
    kept_epoch: int = 0
    """Epoch whose weights were kept as the best; 0 for those of the last step."""
    spans: list[int] = field(default_factory=list)
    """Steps after which the run was continued, in order."""
    version: int = 0
    """Incremented with every change, so that plots know when to redraw."""
    _expects_other_length: bool = False
    """Whether the batch size was changed, which holds from the next epoch on."""

    def clear(self) -> None:
        self.steps_per_epoch = self.epochs = self.epoch = self.step = self.kept_epoch = 0
        self.baseline, self.leaks, self.length_changes = {}, (), ()
        self._expects_other_length = False
        self.series.clear()
        self.markers.clear()
        self.spans.clear()
        self.version += 1

    @property
    def is_empty(self) -> bool:
        """Whether there is no point yet."""
        return not any(len(series) for series in self.series.values())

    @property
    def total_steps(self) -> int:
        """Planned number of steps of the whole run."""
        return round(self.epoch_axis.step_at(self.epochs)) if self.steps_per_epoch else 0

    @property
    def epoch_axis(self) -> EpochAxis:
        """Maps steps to epochs."""
        return EpochAxis(self.steps_per_epoch or 1, self.length_changes)

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

    def span_at(self, step: float) -> int:
        """Return the number of the span that a step belongs to, from 1."""
        return 1 + sum(border < step for border in self.spans)

    def epoch_losses(self) -> list[float]:
        """Return the validation loss of each epoch; without one the mean training loss."""
        if "validation_loss" in self.series:
            return [float(loss) for loss in self.series["validation_loss"].y]
        if STEP_LOSS not in self.series or not self.steps_per_epoch:
            return []
        losses, axis = self.series[STEP_LOSS].y, self.epoch_axis
        ends = [round(axis.step_at(epoch)) for epoch in range(self.epoch + 1)]
        complete = [end for end in ends if end <= len(losses)]
        return [float(losses[start:end].mean()) for start, end in pairwise(complete)]

    def last(self, name: str) -> float:
        """Return the last value of a curve, or NaN."""
        return self.series[name].last if name in self.series else float("nan")

    def record_start(self, event: Started) -> None:
        """Start, or continue from a checkpoint: later points are dropped."""
        if self.steps_per_epoch:
            self._set_length(event.step, event.epoch, event.steps_per_epoch)
        self.steps_per_epoch = event.steps_per_epoch
        self.samples_per_epoch = event.samples.get("train", 0)
        self.epochs = event.epochs
        self.baseline, self.leaks = event.baseline, event.leaks
        self.step = event.step
        self.epoch = event.epoch
        self.kept_epoch = 0
        for series in self.series.values():
            series.truncate(event.step)
        self.markers = [mark for mark in self.markers if mark.step <= event.step + 1]
        earlier = [step for step in self.spans if step < event.step]
        self.spans = [*earlier, event.step] if event.step else []
        self.version += 1

    def replace_with(self, other: RunHistory) -> None:
        """Take over the curves of another history."""
        version = self.version
        for attribute in fields(self):
            setattr(self, attribute.name, getattr(other, attribute.name))
        self.version = version + 1

    def prepend(self, earlier: RunHistory, until: int) -> None:
        """Insert the earlier curves, up to step `until`, before the current ones."""
        self.length_changes = earlier.epoch_axis.with_length(
            until, round(float(earlier.epoch_axis.epochs_at(until))), self.steps_per_epoch
        ).changes
        for name, series in earlier.series.items():
            series.truncate(until)
            if name in self.series:
                series.append(self.series[name].x, self.series[name].y)
            self.series[name] = series
        marks = [mark for mark in earlier.markers if mark.step <= until + 1]
        self.markers = [*marks, *(mark for mark in self.markers if mark not in marks)]
        self.spans = sorted({*(step for step in earlier.spans if step <= until), *self.spans})
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
        before = round(self.epoch_axis.step_at(event.epoch - 1))
        if self._expects_other_length and event.step - before != self.steps_per_epoch:
            self._set_length(before, event.epoch - 1, event.step - before)
            self._expects_other_length = False
        for name, value in event.metrics.items():
            if name not in PER_STEP:
                self._append(name, event.step, value)
        self.step = max(self.step, event.step)
        self.epoch = max(self.epoch, event.epoch)
        self.version += 1

    def record_end(self, event: Finished) -> None:
        """Record which epoch was kept."""
        self.kept_epoch = event.kept_epoch
        self.version += 1

    def record_change(self, event: SettingChanged) -> None:
        """Add a marker for a changed setting; a continuation is a new span instead."""
        if not event.arguments.get("new_span"):
            self.markers.append(ChangeMarker(event.step, event.text))
        epochs = event.arguments.get("epochs")
        if event.change == "epochs" and isinstance(epochs, int):
            self.epochs = epochs
        self._expects_other_length |= event.change == "batch_size"
        self.version += 1

    def _set_length(self, step: int, epoch: int, length: int) -> None:
        """Set the steps in an epoch from a point on."""
        axis = self.epoch_axis.with_length(step, epoch, length)
        self.steps_per_epoch, self.length_changes = axis.length, axis.changes

    def _append(self, name: str, x: object, y: object) -> None:
        import numpy as np

        from dlstudio.gui.runs.series import Series

        self.series.setdefault(name, Series()).append(np.asarray(x), np.asarray(y))
