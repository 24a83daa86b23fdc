"""Writes a run's folder during training, and truncates it when the run is rolled back."""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import torch
from torch import Tensor

from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project
from dlstudio.training.protocol.events import EpochDone, SettingChanged, Started, StepsDone
from dlstudio.training.storage import runs, snapshots
from dlstudio.training.storage.checkpoint import TrainerState, delete_after, write_checkpoint
from dlstudio.training.storage.json_files import (
    encode_line,
    read_json,
    read_lines,
    write_json,
    write_lines,
)
from dlstudio.training.storage.run_lock import RunLock


@dataclass(slots=True)
class RunFolder:
    """One run's folder, opened for writing."""

    path: Path
    started: float = field(default_factory=time.time)
    _files: dict[str, IO[bytes]] = field(default_factory=dict)
    _lock: RunLock | None = None

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.path / runs.CHECKPOINTS

    def acquire(self) -> bool:
        """Create the folder and mark it as being trained; False if a run is active in it."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = RunLock(self.path)
        if not lock.acquire():
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        """Close all files; the folder is no longer being trained."""
        self.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def write_setup(
        self, project: Project, environment: Mapping[str, Any], data: Mapping[str, Any]
    ) -> None:
        """Write the project, its environment and the record of its data."""
        save(project, self.path / runs.PROJECT)
        write_json(self.path / runs.ENVIRONMENT, environment)
        write_json(self.path / runs.DATA, data)

    def truncate(self, step: int, epoch: int) -> None:
        """Delete all that was recorded after `step`, except changes made for the next step."""
        self.close()
        metrics = self.path / runs.METRICS
        events = self.path / runs.EVENTS
        write_lines(metrics, [record for record in read_lines(metrics) if record["step"] <= step])
        write_lines(events, [record for record in read_lines(events) if record["step"] <= step + 1])
        series = self.path / runs.SERIES
        if series.exists():
            write_lines(series, [record for record in read_lines(series) if record["step"] <= step])
        delete_after(self.checkpoints, step, epoch)
        snapshots.delete_after(self.path, step)

    def changes(self) -> list[dict[str, Any]]:
        """Return the changes made during training, in order."""
        lines = read_lines(self.path / runs.EVENTS)
        return [record for record in lines if record["event"] == "changed"]

    def add_steps(self, done: StepsDone) -> None:
        """Append losses and learning rates."""
        rates = done.rates
        is_constant = bool((rates == rates[0]).all())
        record = {
            "event": "steps",
            "step": done.last_step,
            "first_step": done.first_step,
            "losses": [float(str(loss)) for loss in done.losses],
            "rates": float(rates[0]) if is_constant else rates.tolist(),
            "samples_per_second": done.samples_per_second,
        }
        self._append(runs.METRICS, record)

    def add_epoch(self, done: EpochDone) -> None:
        """Append an epoch's metrics; values that are not finite become null."""
        record = {
            "event": "epoch",
            "step": done.step,
            "epoch": done.epoch,
            "metrics": {k: v if math.isfinite(v) else None for k, v in done.metrics.items()},
            "learning_rate": done.learning_rate,
            "seconds": done.seconds,
        }
        self._append(runs.METRICS, record)

    def add_change(self, change: SettingChanged, epoch: int, index: int) -> None:
        """Append a change and sync it to disk.

        Args:
            change: What was changed.
            epoch: Completed epochs before it.
            index: Completed steps of the epoch that it was made in.
        """
        record = {
            "event": "changed",
            "step": change.step,
            "change": change.change,
            "arguments": dict(change.arguments),
            "text": change.text,
            "epoch": epoch,
            "index": index,
        }
        self._append(runs.EVENTS, record)
        os.fsync(self._files[runs.EVENTS].fileno())

    def add_start(self, started: Started) -> None:
        """Append the start of a span of training: that of the run, or of its continuation."""
        self.add_event(
            "started",
            started.step,
            steps_per_epoch=started.steps_per_epoch,
            samples=dict(started.samples),
            **({"leaks": list(started.leaks)} if started.leaks else {}),
            baseline={k: v for k, v in started.baseline.items() if math.isfinite(v)},
        )

    def add_event(self, event: str, step: int, **more: Any) -> None:
        """Append an event: `started`, `paused`, `resumed`, `finished` or `failed`."""
        self._append(runs.EVENTS, {"event": event, "step": step, "time": time.time(), **more})

    def write_checkpoint(
        self, trainer_state: TrainerState, best: Mapping[str, Tensor] | None
    ) -> None:
        """Write a checkpoint, after syncing the metrics up to it."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        write_checkpoint(self.checkpoints, trainer_state, best)

    def write_info(
        self,
        state: str,
        project: Project,
        epochs: int,
        progress: Any,
        metrics: Mapping[str, float] | None = None,
    ) -> None:
        """Write the run's status.

        Args:
            state: What the run is doing, or why it ended.
            project: The design that is trained.
            epochs: Number of epochs after which the run ends.
            progress: Its `LoopState`.
            metrics: Its final metrics; None for those of its last epoch.
        """
        known = progress.metrics if metrics is None else metrics
        content = {
            "title": project.title,
            "state": state,
            "started": self.started,
            "updated": time.time(),
            "step": progress.step,
            "epoch": progress.epoch,
            "epochs": epochs,
            "seed": project.training.seed,
            "metrics": {name: value for name, value in known.items() if math.isfinite(value)},
        }
        write_json(self.path / runs.INFO, content)

    def close(self) -> None:
        """Close the files of metrics and events."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _append(self, name: str, record: Mapping[str, Any]) -> None:
        if name not in self._files:
            self._files[name] = (self.path / name).open("ab")
        self._files[name].write(encode_line(record))
        self._files[name].flush()


def started_at(path: Path) -> float:
    """Return when a run first started, in seconds since 1970."""
    info = read_json(path / runs.INFO)
    return float(info["started"]) if info else time.time()


def environment_info(device: torch.device, threads: int, seed: int) -> dict[str, Any]:
    """Return library versions, platform, device, threads and seed of a run."""
    return {
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "device": str(device),
        "gpu": torch.cuda.get_device_name(device) if device.type == "cuda" else "",
        "threads": threads,
        "seed": seed,
    }
