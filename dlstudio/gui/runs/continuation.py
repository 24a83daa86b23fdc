"""Whether the last run can be continued with the open design, and for how many epochs.

A continued run uses the design that is stored in its folder, so the open one must be the same
network with the same settings, except for those that can change during a run. Imports no torch.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from dlstudio.design.changes.fingerprint import fingerprint
from dlstudio.design.edits import EditError
from dlstudio.design.model.model import Block, Graph, Project
from dlstudio.design.model.training_settings import (
    Clipping,
    ParameterGroup,
    TrainingSettings,
    chosen,
)
from dlstudio.design.storage.dataclass_json import to_json_value
from dlstudio.gui.runs.run_record import RunRecord
from dlstudio.training.metrics.trend import default_epochs, epochs_to_continue
from dlstudio.training.specs.automatic import training_of
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.specs.run_settings import RUN_SETTINGS
from dlstudio.training.step.run_changes import RUN_CHANGES, keep_changes
from dlstudio.training.storage.runs import CHECKPOINTS, FINISHED_STATES

Change = tuple[str, Mapping[str, Any]]
_FREE_SETTINGS: Mapping[str, Any] = {"epochs": 1, "device": ""}
"""Settings that a continued run may change, with a value that makes them equal."""
_SETTING_TITLES = {
    "groups": "optimiser or its schedule",
    "loss_settings": "loss",
    "task_settings": "task",
}


@dataclass(frozen=True, slots=True)
class Continuation:
    """How the last run can be continued.

    Attributes:
        obstacle: Why it cannot be, as a clause; empty if it can.
        epochs: A sensible number of further epochs.
        is_falling: Whether its loss was still clearly falling at the end.
        changes: Settings of the design that differ and can be changed during a run: names and
            arguments of the changes.
    """

    obstacle: str = ""
    epochs: int = 0
    is_falling: bool = False
    changes: tuple[Change, ...] = ()


NO_RUN = Continuation("there is no run")


class NetworkFingerprints:
    """Remembers the fingerprints of the last networks, since those of large ones take a while."""

    def __init__(self) -> None:
        self._known: deque[tuple[Graph, Mapping[str, Block], str]] = deque(maxlen=4)

    def of(self, project: Project) -> str:
        """Return the fingerprint of a design's network."""
        for graph, blocks, known in self._known:
            if graph is project.graph and blocks is project.blocks:
                return known
        result = fingerprint(project)
        self._known.append((project.graph, project.blocks, result))
        return result


def continuation_of(
    run: RunRecord, project: Project, fingerprints: NetworkFingerprints
) -> Continuation:
    """Return how a run that has ended can be continued with the open design."""
    if run.project is None or not run.folder or not run.history.step:
        return NO_RUN
    if obstacle := _obstacle(run, run.project, project, fingerprints):
        return Continuation(obstacle)
    history = run.history
    planned = history.epochs - history.epoch
    if planned > 0 and run.state not in FINISHED_STATES:
        return Continuation(epochs=planned, changes=_changes(run, project))
    rising = epochs_to_continue(history.epoch_losses()) if _loss_falls(run.project) else 0
    epochs = rising or default_epochs(history.epoch)
    return Continuation("", epochs, bool(rising), _changes(run, project))


def _obstacle(
    run: RunRecord, trained: Project, project: Project, fingerprints: NetworkFingerprints
) -> str:
    checkpoints = Path(run.folder) / CHECKPOINTS
    if not checkpoints.is_dir() or not any(checkpoints.iterdir()):
        return "the files of the run are missing"
    network = fingerprints.of(project)
    if network != fingerprints.of(trained) and network != _changed_fingerprint(run, trained):
        return "the network has changed since the run"
    if to_json_value(replace(project.data, facts=None)) != to_json_value(
        replace(trained.data, facts=None)
    ):
        return "the data has changed since the run"
    name = next(_differing_settings(run, project), "")
    return f"the {name} has changed since the run" if name else ""


def _changed_fingerprint(run: RunRecord, trained: Project) -> str:
    """Return the fingerprint of the run's network with the changes made to its layers."""
    if not any(RUN_CHANGES[change.change].of_layers for change in run.changes):
        return ""
    with contextlib.suppress(EditError):
        return fingerprint(keep_changes(trained, run.changes))
    return ""


def _differing_settings(run: RunRecord, project: Project) -> Iterator[str]:
    """Yield the titles of the settings that a continued run cannot take over."""
    ours, theirs = training_of(project), run.effective_training()
    assert theirs is not None
    for field in fields(TrainingSettings):
        name = field.name
        if name in _FREE_SETTINGS:
            continue
        pair = getattr(ours, name), getattr(theirs, name)
        if name == "groups":
            pair = (
                tuple(map(_without_changeable, pair[0])),
                tuple(map(_without_changeable, pair[1])),
            )
        if to_json_value(pair[0]) != to_json_value(pair[1]):
            setting = RUN_SETTINGS.get(name)
            title = setting.title.lower() if setting else name.replace("_", " ")
            yield _SETTING_TITLES.get(name, title)


def _without_changeable(group: ParameterGroup) -> ParameterGroup:
    optimiser = replace(group.optimiser, learning_rate=1.0)
    return replace(group, optimiser=optimiser, clipping=Clipping())


def _changes(run: RunRecord, project: Project) -> tuple[Change, ...]:
    """Return the changes of learning rates and clipping that the design asks for."""
    ours, theirs = training_of(project), run.effective_training()
    assert theirs is not None
    return tuple(
        change
        for group, other in zip(ours.groups, theirs.groups, strict=True)
        for change in _group_changes(group, other, {} if len(ours.groups) == 1 else None)
    )


def _group_changes(
    group: ParameterGroup, other: ParameterGroup, target: Mapping[str, Any] | None
) -> Iterator[Change]:
    where = {"group": group.name} if target is None else target
    rate = chosen(group.optimiser.learning_rate)
    if rate != other.optimiser.learning_rate:
        yield "learning_rate", {"learning_rate": rate, **where}
    clipping = group.clipping
    if clipping != other.clipping:
        yield "clipping", {"mode": clipping.mode, "limit": clipping.limit, **where}


def _loss_falls(project: Project) -> bool:
    """Whether a falling loss means progress: not where networks compete with each other."""
    task = TASKS.get(project.training.task)
    return task is None or task.networks == 1
