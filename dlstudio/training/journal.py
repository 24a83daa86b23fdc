"""What a run tells and writes down: readings as events, metrics, checkpoints at good moments."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from dlstudio.training.checkpoint import Capture
from dlstudio.training.epochs import finish_epoch
from dlstudio.training.events import Changed, EpochDone, Event, StepsDone
from dlstudio.training.reader import LossReader
from dlstudio.training.run import Diverged, Run, StepResult
from dlstudio.training.run_folder import RunFolder

_CAPTURE_EVERY = 5.0
_CAPTURE_AT_EPOCH = 0.25
_WITHIN_EPOCH = 15
_WRITE_SHARE = 20
"""A checkpoint that took a second to write is followed by this many seconds without one."""


class Journal:
    """Turns a run's steps and epochs into events, and keeps what is needed to go back."""

    def __init__(self, run: Run, folder: RunFolder | None, checkpoint_seconds: float = 1.0) -> None:
        """Begin at the run's state; `folder` None writes nothing."""
        self._patience = checkpoint_seconds
        self.run = run
        self.folder = folder
        self.good: Capture = run.capture()
        self._reader = LossReader(run.equipment.device)
        self._reader.start(run.state.step)
        self._epochs: list[EpochDone] = []
        self._seconds_read = run.state.seconds
        self._at_epoch = False
        self._captured_at = self._written_at = time.perf_counter()
        self._write_seconds = 0.0

    @property
    def due(self) -> bool:
        """Whether it is time to tell what was done."""
        return self._reader.due()

    def add(self, result: StepResult) -> None:
        """Take in a step, and the epoch's end where it was the last one."""
        self._reader.add(result.loss, result.rate, result.samples, result.gradient_norm)
        self._at_epoch = self.run.epoch_over
        if self._at_epoch:
            self._epochs.append(finish_epoch(self.run))

    def tell(self, *, wait: bool = False) -> Iterator[Event]:
        """Yield what was done since the last time; `wait` leaves nothing out.

        Raises:
            Diverged: A loss is not finite; the steps before it are told.
        """
        trainer = self.run
        self.lap()
        wait = wait or bool(self._epochs)
        batch = self._reader.read(wait=wait)
        if batch is not None:
            bad_step = batch.first_bad_step
            count = bad_step - batch.first_step if bad_step else len(batch.losses)
            seconds = trainer.state.seconds - self._seconds_read
            self._seconds_read = trainer.state.seconds
            if count:
                event = StepsDone(
                    batch.first_step,
                    batch.losses[:count],
                    batch.rates[:count],
                    trainer.epoch_under_way,
                    batch.samples / seconds if seconds > 0 else 0.0,
                    batch.gradient_norm,
                )
                if self.folder is not None:
                    self.folder.add_steps(event)
                yield event
            if bad_step:
                raise Diverged(bad_step)
        for epoch in self._epochs:
            if self.folder is not None:
                self.folder.add_epoch(epoch)
            yield epoch
        self._epochs.clear()

    def tell_rest(self) -> Iterator[Event]:
        """Yield the steps up to one whose loss is not finite, after the run diverged."""
        self._epochs.clear()
        with contextlib.suppress(Diverged):
            yield from self.tell(wait=True)

    def keep_safe(self) -> Iterator[Event]:
        """Capture and write a checkpoint where it is time for it."""
        now = time.perf_counter()
        interval = _CAPTURE_AT_EPOCH if self._at_epoch else _CAPTURE_EVERY
        if now - self._captured_at >= interval:
            yield from self.tell(wait=True)
            self.capture()
        interval = self._patience * (1 if self._at_epoch else _WITHIN_EPOCH)
        interval = max(interval, _WRITE_SHARE * self._write_seconds)
        if self.folder is not None and now - self._written_at >= interval:
            yield from self.tell(wait=True)
            self.capture()
            self.write("running")

    def capture(self) -> None:
        """Remember this moment as a good one, if all weights are finite."""
        if self.run.is_finite():
            self.good = self.run.capture()
        self._captured_at = time.perf_counter()

    def write(self, state: str) -> None:
        """Write the last good moment and how the run stands to the folder."""
        if self.folder is None:
            return
        started = time.perf_counter()
        self.folder.write_checkpoint(self.good, self.run.best)
        self.folder.write_info(
            state, self.run.equipment.project, self.run.plan.epochs, self.run.state
        )
        self._written_at = time.perf_counter()
        self._write_seconds = self._written_at - started

    def note(self, change: Changed) -> None:
        """Write a change down and remember the moment before its first step."""
        if self.folder is not None:
            self.folder.add_change(change)
        self.capture()

    def go_back(self) -> None:
        """Put the run back to the last good moment and forget what came after."""
        self.run.restore(self.good)
        self._reader.start(self.run.state.step)
        self._epochs.clear()
        self._seconds_read = self.run.state.seconds
        if self.folder is not None:
            self.folder.cut(self.run.state.step, self.run.state.epoch)
        self.write("paused")

    def lap(self) -> None:
        """Count the time since the last call as training."""
        seconds = self.run.clock.lap()
        self.run.state.seconds += seconds
        self.run.state.epoch_seconds += seconds
