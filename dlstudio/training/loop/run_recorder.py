"""Records a run: its losses and epochs as events, its metrics and checkpoints as files."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from dlstudio.training.loop.epoch_end import finish_epoch
from dlstudio.training.loop.loss_buffer import LossBuffer
from dlstudio.training.loop.snapshot_writer import SnapshotWriter
from dlstudio.training.protocol.events import EpochDone, Event, SettingChanged, StepsDone
from dlstudio.training.step.trainer import Diverged, StepResult, Trainer
from dlstudio.training.storage.checkpoint import TrainerState
from dlstudio.training.storage.run_folder import RunFolder

_CAPTURE_INTERVAL = 5.0
_CAPTURE_INTERVAL_AT_EPOCH_END = 0.25
_WITHIN_EPOCH_FACTOR = 15
_WRITE_TIME_FACTOR = 20
"""Seconds without a checkpoint for each second that writing the last one took."""


class RunRecorder:
    """Turns a run's steps and epochs into events, and keeps a state to roll back to."""

    def __init__(
        self, trainer: Trainer, folder: RunFolder | None, checkpoint_seconds: float = 1.0
    ) -> None:
        """Start at the trainer's state; without a `folder` nothing is written."""
        self._checkpoint_interval = checkpoint_seconds
        self.trainer = trainer
        self.folder = folder
        self.last_good: TrainerState = trainer.capture_state()
        self.snapshots = SnapshotWriter(trainer, None if folder is None else folder.path)
        self._loss_buffer = LossBuffer(trainer.context.device)
        self._loss_buffer.start(trainer.state.step)
        self._epochs: list[EpochDone] = []
        self._seconds_at_flush = trainer.state.seconds
        self._at_epoch = False
        self._captured_at = self._written_at = time.perf_counter()
        self._write_seconds = 0.0

    @property
    def is_due(self) -> bool:
        """Whether it is time to flush events."""
        return self._loss_buffer.is_due()

    def add(self, result: StepResult) -> None:
        """Add a step, and finish the epoch after its last one."""
        self._loss_buffer.add(result.loss, result.rate, result.samples, result.gradient_norm)
        self._at_epoch = self.trainer.is_epoch_over
        if self._at_epoch:
            self._epochs.append(finish_epoch(self.trainer))

    def flush_events(self, *, wait: bool = False) -> Iterator[Event]:
        """Yield the events since the last flush; with `wait`, up to the last step.

        Raises:
            Diverged: A loss is not finite; the steps before it are yielded first.
        """
        trainer = self.trainer
        self.add_elapsed()
        wait = wait or bool(self._epochs)
        batch = self._loss_buffer.read(wait=wait)
        if batch is not None:
            bad_step = batch.first_bad_step
            count = bad_step - batch.first_step if bad_step else len(batch.losses)
            seconds = trainer.state.seconds - self._seconds_at_flush
            self._seconds_at_flush = trainer.state.seconds
            if count:
                event = StepsDone(
                    batch.first_step,
                    batch.losses[:count],
                    batch.rates[:count],
                    trainer.current_epoch,
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

    def flush_finite_steps(self) -> Iterator[Event]:
        """Yield the steps before the first non-finite loss, after the run diverged."""
        self._epochs.clear()
        with contextlib.suppress(Diverged):
            yield from self.flush_events(wait=True)

    def checkpoint_if_due(self) -> Iterator[Event]:
        """Capture the state, write a checkpoint and a snapshot when their intervals have passed."""
        now = time.perf_counter()
        interval = _CAPTURE_INTERVAL_AT_EPOCH_END if self._at_epoch else _CAPTURE_INTERVAL
        if now - self._captured_at >= interval:
            yield from self.flush_events(wait=True)
            self.capture_state()
        interval = self._checkpoint_interval * (1 if self._at_epoch else _WITHIN_EPOCH_FACTOR)
        interval = max(interval, _WRITE_TIME_FACTOR * self._write_seconds)
        if self.folder is not None and now - self._written_at >= interval:
            yield from self.flush_events(wait=True)
            self.capture_state()
            self.write_checkpoint("running")
        self.snapshots.write_if_due()

    def capture_state(self) -> None:
        """Keep the current state as the last good one, if all weights are finite."""
        if self.trainer.has_finite_weights():
            self.last_good = self.trainer.capture_state()
        self._captured_at = time.perf_counter()

    def write_checkpoint(self, state: str) -> None:
        """Write the last good state and the run's status to the folder."""
        if self.folder is None:
            return
        started = time.perf_counter()
        self.folder.write_checkpoint(self.last_good, self.trainer.best)
        self.folder.write_info(
            state, self.trainer.context.project, self.trainer.plan.epochs, self.trainer.state
        )
        self._written_at = time.perf_counter()
        self._write_seconds = self._written_at - started

    def record_change(self, change: SettingChanged) -> None:
        """Write a change to the folder and capture the state before its first step."""
        if self.folder is not None:
            state = self.trainer.state
            self.folder.add_change(change, state.epoch, state.index)
        self.capture_state()
        self.snapshots.write_change()

    def roll_back(self) -> None:
        """Restore the last good state and delete what was recorded after it."""
        self.trainer.restore(self.last_good)
        self._loss_buffer.start(self.trainer.state.step)
        self._epochs.clear()
        self._seconds_at_flush = self.trainer.state.seconds
        if self.folder is not None:
            self.folder.truncate(self.trainer.state.step, self.trainer.state.epoch)
            self.snapshots.reload()
        self.write_checkpoint("paused")

    def add_elapsed(self) -> None:
        """Add the time since the last call to the training time."""
        seconds = self.trainer.clock.lap()
        self.trainer.state.seconds += seconds
        self.trainer.state.epoch_seconds += seconds
