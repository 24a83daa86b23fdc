"""Builders of designs, runs and commands for training tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, TypeVar

from torch import Tensor

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.problems import Severity
from dlstudio.design.model.training_settings import (
    Optimiser,
    ParameterGroup,
    Schedule,
    TrainingSettings,
)
from dlstudio.design.model.values import Ref
from dlstudio.layers.registry import KINDS
from dlstudio.network.check.inference import Checker
from dlstudio.training.loop.loop import train
from dlstudio.training.metrics.batch_result import BatchResult, Proportion
from dlstudio.training.protocol.control import Control
from dlstudio.training.protocol.events import Event, Failed, RunOptions, StepsDone
from dlstudio.training.readiness.check import check_project

Layer = tuple[str, Mapping[str, Any]]
E = TypeVar("E")

PLAIN_LAYERS: Sequence[Layer] = (
    ("flatten", {}),
    ("linear", {"out_features": 24}),
    ("relu", {}),
    ("linear", {"out_features": Ref("classes")}),
)
NOISY_LAYERS: Sequence[Layer] = (
    ("flatten", {}),
    ("linear", {"out_features": 24}),
    ("batch_norm1d", {}),
    ("relu", {}),
    ("dropout", {"p": 0.3}),
    ("linear", {"out_features": Ref("classes")}),
)


def chain(layers: Iterable[Layer], **training: Any) -> Project:
    """Return a chain of Input, the layers and Output on digits, with ids `KIND_NUMBER`."""
    nodes: dict[str, Node] = {}
    counts: dict[str, int] = {}
    for kind, settings in [("input", {}), *layers, ("output", {})]:
        counts[kind] = counts.get(kind, 0) + 1
        name = f"{kind}_{counts[kind]}"
        nodes[name] = Node(name, kind, dict(settings))
    edges = [
        Edge(before, after, KINDS[nodes[before].kind].outputs[0].name)
        for before, after in pairwise(nodes)
    ]
    settings = TrainingSettings(**{"epochs": 3, "batch_size": 64, "seed": 5, **training})
    return Project(
        graph=Graph(nodes, {edge.key: edge for edge in edges}),
        data=DataSettings(source="digits"),
        training=settings,
    )


def with_optimiser(
    project: Project,
    optimiser: Optimiser | None = None,
    schedule: Schedule | None = None,
    **group: Any,
) -> Project:
    """Return the project with a single parameter group of these settings."""
    parameter_group = ParameterGroup(
        optimiser=optimiser or Optimiser(), schedule=schedule or Schedule(), **group
    )
    return replace(project, training=replace(project.training, groups=(parameter_group,)))


def run_training(
    project: Project, control: Control | None = None, observers: Any = (), **options: Any
) -> list[Event]:
    """Train on one thread until the run ends; return all events."""
    return list(train(project, RunOptions(threads=1, **options), control, observers))


def refusal_codes(project: Project) -> set[str]:
    """Return the codes of a design's errors; a run must fail with the first one."""
    report = check_project(project, Checker())
    errors = [problem for problem in report.problems if problem.severity is Severity.ERROR]
    failed = single_event(run_training(project), Failed)
    assert errors[0].text in failed.text, failed.text + failed.details
    assert failed.node == errors[0].path
    return {problem.code for problem in errors}


def all_losses(events: Iterable[Event]) -> dict[int, float]:
    """Return the loss of each step; a repeated step keeps its last loss."""
    losses: dict[int, float] = {}
    for event in events:
        if isinstance(event, StepsDone):
            losses.update(enumerate(event.losses.tolist(), event.first_step))
    return losses


def all_rates(events: Iterable[Event]) -> dict[int, float]:
    """Return the learning rate of each step."""
    rates: dict[int, float] = {}
    for event in events:
        if isinstance(event, StepsDone):
            rates.update(enumerate(event.rates.tolist(), event.first_step))
    return rates


def single_event(events: Iterable[Event], kind: type[E]) -> E:
    """Return the only event of this kind."""
    (match,) = events_of(events, kind)
    return match


def events_of(events: Iterable[Event], kind: type[E]) -> list[E]:
    """Return all events of this kind; a failed run fails the test with its details."""
    all_events = list(events)
    if kind is not Failed:
        for event in all_events:
            assert not isinstance(event, Failed), event.text + event.details
    return [event for event in all_events if isinstance(event, kind)]


def scripted_control(*commands: str | tuple[str, Mapping[str, Any]]) -> Control:
    """Return a control that pauses before the first step and has these commands queued."""
    control = Control()
    control.send("pause")
    for command in commands:
        name, arguments = (command, {}) if isinstance(command, str) else command
        control.send(name, **arguments)
    return control


def change_command(name: str, **arguments: Any) -> tuple[str, Mapping[str, Any]]:
    """Return the command for a change."""
    return "change", {"change": name, **arguments}


def mean_of(result: BatchResult, name: str) -> float:
    """Return a mean of a batch."""
    value = result.metrics[name]
    assert isinstance(value, Tensor)
    return value.item()


def share_of(result: BatchResult, name: str) -> float:
    """Return the share that a proportion of a batch stands for."""
    value = result.metrics[name]
    assert isinstance(value, Proportion)
    return value.share
