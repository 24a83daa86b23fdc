"""Whether the last run can be continued with the open design, and for how many epochs.

A continued run uses the design that is stored in its folder, so the open one must be the same
network with the same data; settings that a run can take over become changes of the run. Imports no
torch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dlstudio.design.model.model import Project
from dlstudio.gui.runs.run_record import RunRecord
from dlstudio.training.metrics.trend import default_epochs, epochs_to_continue
from dlstudio.training.specs.automatic import training_of
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.step.run_comparison import (
    Change,
    Choice,
    NetworkFingerprints,
    RunComparison,
    compare_with_run,
)
from dlstudio.training.storage.runs import CHECKPOINTS, FINISHED_STATES


@dataclass(frozen=True, slots=True)
class Continuation:
    """How the last run can be continued.

    Attributes:
        obstacle: Why it cannot be, as a clause; empty if it can.
        epochs: A sensible number of further epochs.
        is_falling: Whether its loss was still clearly falling at the end.
        changes: Settings of the design that differ and that the run takes over.
        choices: What can be done instead, if the design is another than that of the run.
    """

    obstacle: str = ""
    epochs: int = 0
    is_falling: bool = False
    changes: tuple[Change, ...] = ()
    choices: tuple[Choice, ...] = ()


NO_RUN = Continuation("there is no run")


def continuation_of(
    run: RunRecord, project: Project, fingerprints: NetworkFingerprints
) -> Continuation:
    """Return how a run that has ended can be continued with the open design."""
    if run.project is None or not run.folder or not run.history.step:
        return NO_RUN
    checkpoints = Path(run.folder) / CHECKPOINTS
    if not checkpoints.is_dir() or not any(checkpoints.iterdir()):
        return Continuation("the files of the run are missing")
    comparison = compare_run(run, project, fingerprints)
    if comparison.refused:
        return Continuation(comparison.obstacle, choices=comparison.choices)
    history, changes = run.history, comparison.changes
    planned = history.epochs - history.epoch
    if comparison.epochs > history.epoch:
        return Continuation(epochs=comparison.epochs - history.epoch, changes=changes)
    if planned > 0 and run.state not in FINISHED_STATES:
        return Continuation(epochs=planned, changes=changes)
    rising = epochs_to_continue(history.epoch_losses()) if _loss_falls(run.project) else 0
    epochs = rising or default_epochs(history.epoch)
    return Continuation("", epochs, bool(rising), changes)


def compare_run(
    run: RunRecord, project: Project, fingerprints: NetworkFingerprints
) -> RunComparison:
    """Return what the open design changes in the last run."""
    assert run.project is not None
    own = run.started.training if run.started is not None else None
    began = replace(run.project, training=own or training_of(run.project))
    shown = replace(project, training=training_of(project))
    return compare_with_run(began, run.changes, shown, fingerprints)


def _loss_falls(project: Project) -> bool:
    """Whether a falling loss means progress: not where networks compete with each other."""
    task = TASKS.get(project.training.task)
    return task is None or task.networks == 1
