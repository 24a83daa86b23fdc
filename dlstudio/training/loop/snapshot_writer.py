"""Writes snapshots of the weights during a run, rarely enough not to slow it down."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.network.weights.weights import state_tensors
from dlstudio.training.loop.pacing import Pacer
from dlstudio.training.step.trainer import Trainer
from dlstudio.training.storage.checkpoint import write_tensors
from dlstudio.training.storage.snapshots import (
    BEST,
    CHANGE,
    MAX_WEIGHTS,
    StoredSnapshot,
    delete,
    list_snapshots,
    snapshot_path,
    surplus,
)

SHARE = 0.005
"""Maximum share of the training time for snapshots, apart from those that are always written."""
_PER_RUN = 32
_log = logging.getLogger(__name__)


class SnapshotWriter:
    """Writes snapshots to a run's folder: at its start and end, before changes, and in between.

    A snapshot contains the weights and statistics that evaluation uses, which are moving averages
    if the task uses them. None are written for networks with more than `MAX_WEIGHTS` bytes. If the
    disk is full, no more snapshots are written, but the run continues.
    """

    def __init__(self, trainer: Trainer, run_dir: Path | None) -> None:
        """List the snapshots in the run's folder; None for a run without a folder."""
        self._trainer = trainer
        tensors = state_tensors(trainer.module).values()
        size = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        self._run_dir = run_dir if size <= MAX_WEIGHTS else None
        self._pacer = Pacer(SHARE, _PER_RUN)
        self._stored: dict[int, StoredSnapshot] = {}
        self.reload()

    def reload(self) -> None:
        """List the snapshots again after files were deleted."""
        if self._run_dir is not None:
            self._stored = {s.step: s for s in list_snapshots(self._run_dir)}

    def write(self) -> None:
        """Write the current weights, at the start of a run."""
        self._write()

    def write_change(self) -> None:
        """Write the weights before the first step with a changed setting."""
        self._write(CHANGE)

    def write_if_due(self) -> None:
        """Write the current weights if a snapshot is due."""
        if self._run_dir is not None and self._pacer.is_due:
            state = self._trainer.state
            is_best = state.index == 0 and state.best_epoch == state.epoch > 0
            self._write(BEST if is_best else "")

    def write_end(self) -> None:
        """Write the last weights, and the best ones if they are from an earlier epoch."""
        self._write()
        trainer = self._trainer
        state = trainer.state
        best_step = state.best_step or state.best_epoch * trainer.batches.steps
        if trainer.best is not None and best_step < trainer.state.step:
            self._store(best_step, trainer.state.best_epoch, BEST, trainer.best)

    def _write(self, reason: str = "") -> None:
        trainer = self._trainer
        tensors = trainer.evaluation_tensors()
        with self._pacer.work():
            self._store(trainer.state.step, trainer.current_epoch, reason, tensors)

    def _store(self, step: int, epoch: int, reason: str, tensors: Mapping[str, Tensor]) -> None:
        """Write a snapshot, unless this step already has one with a more important reason."""
        known = self._stored.get(step)
        if self._run_dir is None or (known is not None and (known.reason or not reason)):
            return
        snapshot = StoredSnapshot(step, epoch, reason, snapshot_path(self._run_dir, step), 0)
        kept = {name: tensors[name] for name in state_tensors(self._trainer.module)}
        try:
            snapshot.path.parent.mkdir(exist_ok=True)
            write_tensors(snapshot.path, kept, snapshot.metadata)
            size = snapshot.path.stat().st_size
        except OSError as error:
            _log.warning(
                "no more snapshots, because one could not be written: %s", file_error_reason(error)
            )
            self._run_dir = None
            return
        self._stored[step] = replace(snapshot, size=size)
        for old in surplus(sorted(self._stored.values(), key=lambda stored: stored.step)):
            if not delete(old.path):
                return
            del self._stored[old.step]
