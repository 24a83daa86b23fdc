"""Compares a design with a run: what the run can take over when it goes on, and what it cannot.

A run that goes on keeps its weights and the state of its optimisers. It takes over settings that
change neither; anything else is named, and only a new run uses it. Imports no torch.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from dlstudio.design.changes.fingerprint import fingerprint
from dlstudio.design.edits import EditError
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Block, Graph, Node, Project
from dlstudio.design.model.training_settings import (
    NO_CLASS_WEIGHTS,
    Clipping,
    Optimiser,
    ParameterGroup,
    Schedule,
    TrainingSettings,
)
from dlstudio.design.model.values import Value
from dlstudio.design.storage.dataclass_json import to_json_value
from dlstudio.layers.normalisation.dropout import DROPOUT_KINDS
from dlstudio.layers.registry import KINDS
from dlstudio.training.options.named_option import NamedOption
from dlstudio.training.options.training_options import OPTIMISERS, SCHEDULES
from dlstudio.training.protocol.events import SettingChanged
from dlstudio.training.specs.registry import LOSSES, TASKS
from dlstudio.training.step.run_changes import RUN_CHANGES, keep_changes, keep_training_changes

Change = tuple[str, Mapping[str, Any]]
"""Name and arguments of one of `RUN_CHANGES`."""
_REFUSED_SETTINGS = {
    "task": "task",
    "task_settings": "settings of the task",
    "loss": "loss",
    "seed": "seed",
    "mixed_precision": "precision",
    "reproducible": "reproducibility",
}
_PREPROCESSING = ("normalise", "mean", "deviation", "standardise_target")


class Choice(StrEnum):
    """What can be done with a run and the design that is shown."""

    CONTINUE = "continue"
    START_OVER = "start-over"
    KEEP_FITTING_WEIGHTS = "keep-fitting-weights"
    """Start over with the weights of all layers whose names and shapes fit."""
    OWN_DESIGN = "own-design"
    """Go on with the run's own design."""


@dataclass(frozen=True, slots=True)
class RunComparison:
    """What a design changes in a run.

    Attributes:
        changes: What the run takes over when it goes on, in order.
        refused: What it cannot take over, as nouns: `network`, `split`, …
        epochs: Number of epochs in all that the design asks for; 0 if it asks for no other than
            the run has had.
    """

    changes: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()
    epochs: int = 0

    @property
    def obstacle(self) -> str:
        """Why the run cannot go on with the design, as a clause; empty if it can."""
        if not self.refused:
            return ""
        *most, last = (f"the {noun}" for noun in self.refused)
        subject = f"{', '.join(most)} and {last}" if most else last
        return f"{subject} {'have' if most else 'has'} changed since the run"

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be done, the usual choice first."""
        if not self.refused:
            return Choice.CONTINUE, Choice.START_OVER
        return Choice.START_OVER, Choice.KEEP_FITTING_WEIGHTS, Choice.OWN_DESIGN


class NetworkFingerprints:
    """Remembers the fingerprints of the last networks, since those of large ones take a while."""

    def __init__(self) -> None:
        self._known: deque[tuple[Graph, Mapping[str, Block], str]] = deque(maxlen=6)

    def of(self, project: Project) -> str:
        """Return the fingerprint of a design's network."""
        for graph, blocks, known in self._known:
            if graph is project.graph and blocks is project.blocks:
                return known
        result = fingerprint(project)
        self._known.append((project.graph, project.blocks, result))
        return result


def compare_with_run(
    run: Project,
    changes: Sequence[SettingChanged],
    shown: Project,
    fingerprints: NetworkFingerprints | None = None,
) -> RunComparison:
    """Return what a design changes in a run.

    Args:
        run: The design that the run began with, with a number for each automatic setting.
        changes: Changes made during the run.
        shown: The design to compare; its automatic settings stay as the run chose them.
        fingerprints: Those of earlier comparisons.
    """
    known = fingerprints or NetworkFingerprints()
    now = keep_training_changes(run, changes).training
    wanted = _without_automatic(shown.training, now)
    layer_changes = _layer_changes(run, changes, shown, known)
    refused = [
        *(["network"] if layer_changes is None else []),
        *_data_differences(run.data, shown.data),
        *_setting_differences(now, wanted),
    ]
    if refused:
        return RunComparison(refused=tuple(dict.fromkeys(refused)))
    taken = (*_group_changes(now, wanted), *_training_changes(now, wanted), *(layer_changes or ()))
    earlier = {run.training.epochs, *(change.arguments.get("epochs") for change in changes)}
    epochs = 0 if wanted.epochs in earlier else wanted.epochs or 0
    return RunComparison(taken, epochs=epochs)


def own_design(run: Project, changes: Iterable[SettingChanged]) -> Project:
    """Return the design that a run goes on with by itself: with its changes, for as many epochs."""
    return keep_changes(run, (change for change in changes if change.change != "epochs"))


def _without_automatic(shown: TrainingSettings, now: TrainingSettings) -> TrainingSettings:
    groups = shown.groups
    if len(groups) == len(now.groups):
        groups = tuple(
            replace(group, optimiser=_with_rate(group.optimiser, other.optimiser.learning_rate))
            for group, other in zip(groups, now.groups, strict=True)
        )
    epochs = now.epochs if shown.epochs is None else shown.epochs
    batch_size = now.batch_size if shown.batch_size is None else shown.batch_size
    stopping = shown.early_stopping
    is_open = shown.epochs is None and not stopping.enabled
    if now.early_stopping.automatic and (is_open or stopping.automatic):
        stopping = now.early_stopping
    stopping = stopping if stopping == now.early_stopping else stopping.without_automatic()
    return replace(
        shown, epochs=epochs, batch_size=batch_size, groups=groups, early_stopping=stopping
    )


def _with_rate(optimiser: Optimiser, rate: float | None) -> Optimiser:
    return replace(optimiser, learning_rate=rate) if optimiser.learning_rate is None else optimiser


def _data_differences(run: DataSettings, shown: DataSettings) -> Iterator[str]:
    """Yield what is different about the data; facts are only what was last known of it."""
    if (run.source, to_json_value(run.options)) != (shown.source, to_json_value(shown.options)):
        yield "data"
    if replace(run.split, seed=shown.split.seed) != shown.split:
        yield "split"
    elif run.split != shown.split:
        yield "seed of the split"
    if any(getattr(run, name) != getattr(shown, name) for name in _PREPROCESSING):
        yield "preprocessing"
    if run.augmentation != shown.augmentation:
        yield "augmentation"


def _setting_differences(now: TrainingSettings, wanted: TrainingSettings) -> Iterator[str]:
    """Yield the settings of training that a run cannot take over."""
    for name, noun in _REFUSED_SETTINGS.items():
        if to_json_value(getattr(now, name)) != to_json_value(getattr(wanted, name)):
            yield noun
    pairs = (tuple(map(_group_frame, now.groups)), tuple(map(_group_frame, wanted.groups)))
    if pairs[0] != pairs[1]:
        yield "parameter groups" if len(now.groups) + len(wanted.groups) > 2 else "optimiser"
    elif any(
        _optimiser_key(one.optimiser) != _optimiser_key(other.optimiser)
        for one, other in zip(now.groups, wanted.groups, strict=True)
    ):
        yield "optimiser"
    task = TASKS.get(now.task)
    if task is not None and task.views > 1 and now.batch_size != wanted.batch_size:
        yield "batch size"


def _group_frame(group: ParameterGroup) -> ParameterGroup:
    """Return what a run cannot change about a group, apart from its optimiser."""
    return replace(group, optimiser=Optimiser(), schedule=Schedule(), clipping=Clipping())


def _optimiser_key(optimiser: Optimiser) -> tuple[object, ...]:
    settings = _parsed(OPTIMISERS.get(optimiser.name), optimiser.settings)
    return optimiser.name, optimiser.weight_decay, optimiser.decay_all, settings


def _parsed(option: NamedOption | None, settings: Mapping[str, Value]) -> dict[str, Any]:
    """Return settings with their defaults; as they are if they are invalid."""
    with contextlib.suppress(ValueError):
        return dict(settings) if option is None else option.parse(settings)
    return dict(settings)


def _group_changes(now: TrainingSettings, wanted: TrainingSettings) -> Iterator[Change]:
    for group, other in zip(wanted.groups, now.groups, strict=True):
        where = {"group": group.name} if len(wanted.groups) > 1 else {}
        rate = group.optimiser.learning_rate
        if rate != other.optimiser.learning_rate:
            yield "learning_rate", {"learning_rate": rate, **where}
        clipping = group.clipping
        if clipping != other.clipping:
            yield "clipping", {"mode": clipping.mode, "limit": clipping.limit, **where}
        if _schedule_key(group.schedule) != _schedule_key(other.schedule):
            settings = dict(group.schedule.settings)
            yield "schedule", {"name": group.schedule.name, "settings": settings, **where}


def _schedule_key(schedule: Schedule) -> tuple[object, ...]:
    return schedule.name, _parsed(SCHEDULES.get(schedule.name), schedule.settings)


def _training_changes(now: TrainingSettings, wanted: TrainingSettings) -> Iterator[Change]:
    if now.batch_size != wanted.batch_size:
        yield "batch_size", {"batch_size": wanted.batch_size}
    stopping, before = wanted.early_stopping, now.early_stopping
    is_used = stopping.enabled or before.enabled or stopping.monitor != before.monitor
    if stopping != before and is_used:
        yield "early_stopping", asdict(stopping)
    loss = LOSSES.get(wanted.loss)
    if _parsed(loss, now.loss_settings) != _parsed(loss, wanted.loss_settings):
        yield "loss_settings", {"settings": dict(wanted.loss_settings)}
    if _class_weights_key(now) != _class_weights_key(wanted):
        values = dict(wanted.class_weight_values)
        yield "class_weights", {"class_weights": wanted.class_weights, "values": values}
    for name in ("keep_best", "test_each_epoch"):
        if getattr(now, name) != getattr(wanted, name):
            yield name, {name: getattr(wanted, name)}


def _class_weights_key(training: TrainingSettings) -> tuple[object, ...]:
    is_off = training.class_weights == NO_CLASS_WEIGHTS
    return training.class_weights, {} if is_off else dict(training.class_weight_values)


def _layer_changes(
    run: Project,
    changes: Iterable[SettingChanged],
    shown: Project,
    fingerprints: NetworkFingerprints,
) -> tuple[Change, ...] | None:
    """Return the changes of layers; None if the networks differ in more than a run can change.

    Only layers of the top level count: one inside a block may stand for many.
    """
    layer_events = [change for change in changes if RUN_CHANGES[change.change].of_layers]
    network = fingerprints.of(shown)
    if not layer_events and network == fingerprints.of(run):
        return ()
    now = run
    with contextlib.suppress(EditError):
        now = keep_changes(run, layer_events) if layer_events else run
    if network == fingerprints.of(now):
        return ()
    if shown.graph.nodes.keys() != now.graph.nodes.keys():
        return None
    wanted = [
        change
        for node_id, node in shown.graph.nodes.items()
        for change in _node_changes(now.graph.nodes[node_id], node)
    ]
    if network == fingerprints.of(run):
        return tuple(wanted)
    aligned = replace(now, graph=replace(now.graph, nodes=_aligned(now.graph.nodes, shown)))
    return tuple(wanted) if fingerprint(aligned) == network else None


def _node_changes(now: Node, wanted: Node) -> Iterator[Change]:
    if now.kind != wanted.kind or now.settings == wanted.settings:
        return
    if wanted.kind in DROPOUT_KINDS and _probability(now) != _probability(wanted):
        yield "dropout", {"p": _probability(wanted), "path": wanted.id}
    frozen = bool(wanted.settings.get("frozen", False))
    if frozen != bool(now.settings.get("frozen", False)):
        yield "frozen", {"path": wanted.id, "frozen": frozen}


def _probability(node: Node) -> Value:
    return node.settings.get("p", KINDS[node.kind].declarations()["p"].default)


def _aligned(nodes: Mapping[str, Node], shown: Project) -> dict[str, Node]:
    """Return nodes with those settings of the shown ones that a run can change."""
    return {node_id: _align(node, shown.graph.nodes[node_id]) for node_id, node in nodes.items()}


def _align(node: Node, shown: Node) -> Node:
    names = {"frozen", "p"} if node.kind in DROPOUT_KINDS else {"frozen"}
    kept = {name: value for name, value in node.settings.items() if name not in names}
    taken = {name: value for name, value in shown.settings.items() if name in names}
    return replace(node, settings={**kept, **taken})
