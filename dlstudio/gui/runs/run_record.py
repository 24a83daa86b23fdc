"""What is known about the current or last run. Imports no widget and no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from dlstudio.design.library.files import FileError, load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.gui.runs.run_options import same_data, same_run_inputs
from dlstudio.training.protocol.events import Finished, SettingChanged, Started
from dlstudio.training.specs.automatic import training_of
from dlstudio.training.step.run_changes import keep_training_changes
from dlstudio.training.storage.runs import PROJECT


@dataclass
class RunRecord:
    """One run, from its start to its end and until it is cleared.

    Attributes:
        project: The design when the run started; None before the first run, kept when cleared.
        folder: Folder of the run, or empty.
        changes: Settings changed during the run.
        state: Why it ended: `done`, `early-stopping`, `stopped` or `failed`; empty before.
        metrics: Final metrics, of the weights that were kept; empty before the end.
        history: Its curves.
    """

    project: Project | None = None
    folder: str = ""
    changes: tuple[SettingChanged, ...] = ()
    started: Started | None = None
    finished: Finished | None = None
    state: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    history: RunHistory = field(default_factory=RunHistory)

    def clear(self) -> None:
        """Forget everything except the design."""
        self.history.clear()
        self.folder = self.state = ""
        self.changes, self.metrics = (), {}
        self.started = self.finished = None

    def replace_with(self, other: RunRecord) -> None:
        """Take over another run, such as that of an opened design."""
        self.history.replace_with(other.history)
        self.project, self.folder, self.state = other.project, other.folder, other.state
        self.changes, self.metrics = other.changes, other.metrics
        self.started, self.finished = other.started, other.finished

    def record_start(self, event: Started) -> None:
        self.started, self.finished, self.state, self.metrics = event, None, "", {}
        self.folder = event.run_dir
        self.history.name = Path(event.run_dir).name
        self.history.record_start(event)

    def record_change(self, event: SettingChanged) -> None:
        self.history.record_change(event)
        self.changes = (*self.changes, event)

    def record_end(self, event: Finished) -> None:
        self.finished, self.state, self.metrics = event, event.reason, event.metrics
        self.history.record_end(event)

    def used_other_data(self, data: DataSettings) -> bool:
        """Whether the run used other data than `data`."""
        return self.project is not None and not same_data(self.project.data, data)

    def used_other_design(self, project: Project) -> bool:
        """Whether a run of `project` would be different."""
        own = self.project
        if own is not None and own.training.has_automatic != project.training.has_automatic:
            own, project = (
                replace(design, training=training_of(design)) for design in (own, project)
            )
        return own is not None and not same_run_inputs(own, project)

    def effective_training(self) -> TrainingSettings | None:
        """Return the training settings of the run with its changes, or None before the first."""
        if self.project is None:
            return None
        training = self.started.training if self.started is not None else None
        project = replace(self.project, training=training or training_of(self.project))
        return keep_training_changes(project, self.changes).training


def stored_design(folder: Path) -> Project | None:
    """Return the design of a run as it is stored in its folder; None if it cannot be read."""
    try:
        return load(folder / PROJECT)
    except FileError:
        return None


def moved_path(path: str, old: Path, new: Path) -> str:
    """Return a path after the folder `old` was moved to `new`."""
    if not path or not Path(path).is_relative_to(old):
        return path
    return str(new / Path(path).relative_to(old))
