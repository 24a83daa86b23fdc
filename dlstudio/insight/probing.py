"""Probes what a layer has learnt of the classes, beside what it told before training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from dlstudio.data.parts import Part, Progress
from dlstudio.design.model import Project
from dlstudio.insight.embeddings import embed
from dlstudio.insight.probe import Labels, Probe, choose_labelled, linear_probe
from dlstudio.insight.probe_views import ProbeChoice, Probed, ProbeView, plane_of
from dlstudio.insight.watching import quiet
from dlstudio.network.compile import Component, compile_design
from dlstudio.training.observer import RunView
from dlstudio.training.tasks.choose import choose_objective

MOST_LEARNT = 3000
MOST_TESTED = 1500
WIDTH = 512
DRAWS = 5
"""So often a few labels are drawn: which ones matters."""


def probe_layer(
    view: RunView, project: Project, choice: ProbeChoice, progress: Progress = quiet
) -> ProbeView:
    """Return how well a linear classifier tells classes at a layer, trained and untrained.

    Args:
        view: A network and its data; it is left as it was.
        project: The design that the network was made of.
        choice: Layer and labels.
        progress: Told what goes on and the share done; what it raises ends the work.

    Raises:
        ValueError: The data has no classes, or there is no such layer.
    """
    data = _material(view, choice.per_class)
    trained, probe, width, layer_width = _probed(view, data, choice.path, progress, "trained")
    progress("Building the untrained network", None)
    untrained_objective = choose_objective(
        project.training, compile_design(project, view.facts, device=view.device)
    )
    untrained, *_ = _probed(
        replace(view, objective=untrained_objective), data, choice.path, progress, "untrained"
    )
    return ProbeView(
        step=view.step,
        choice=choice,
        layers=layers_of(view.objective.main),
        trained=trained,
        untrained=untrained,
        labels=_labels(data.test),
        class_names=view.facts.class_names,
        chance=probe.chance,
        labelled=probe.labelled,
        draws=len(data.learnt),
        width=width,
        pooled=layer_width if layer_width > width else 0,
        tested=len(data.test),
    )


def layers_of(component: Component) -> tuple[str, ...]:
    """Return the paths of the layers of a network, in the order of their calls."""
    nodes = component.module.graph.nodes
    return tuple(dict.fromkeys(str(node.target) for node in nodes if node.op == "call_module"))


@dataclass(frozen=True, slots=True)
class _Material:
    """Samples for the probe: one part for each draw of labels, and those it is tested on."""

    learnt: Sequence[Part]
    test: Part


def _material(view: RunView, per_class: int) -> _Material:
    train = view.parts["train"]
    test = view.parts.get("test") or view.parts.get("validation")
    if not _has_classes(train) or not view.facts.class_names:
        raise ValueError(
            "The data has no class for each sample, so there is nothing to probe for. "
            "Choose data with classes; the task need not use them."
        )
    if test is None:
        half = torch.arange(train.rows)
        train, test = train.select(half[::2]), train.select(half[1::2])
    test = _some(test, np.arange(min(test.rows, MOST_TESTED)))
    if not per_class:
        return _Material([_some(train, np.arange(min(train.rows, MOST_LEARNT)))], test)
    classes = _labels(train)
    draws = [choose_labelled(classes, per_class, seed) for seed in range(DRAWS)]
    return _Material([_some(train, rows[:MOST_LEARNT]) for rows in draws], test)


def _has_classes(part: Part) -> bool:
    return part.target is not None and part.target.ndim == 1 and part.target.dtype == torch.int64


def _labels(part: Part) -> Labels:
    assert part.target is not None
    return part.target.cpu().numpy().astype(np.int64)


def _some(part: Part, rows: Labels) -> Part:
    return part.select(torch.from_numpy(rows))


def _probed(
    view: RunView, material: _Material, path: str, progress: Progress, words: str
) -> tuple[Probed, Probe, int, int]:
    """Return what a network tells, the last probe, the width of rows and that of the layer."""
    test = embed(view, material.test, path, width=WIDTH, progress=progress)
    layer_width = embed(view, material.test, path, most=1).shape[1]
    results = []
    for index, subset in enumerate(material.learnt):
        rows = embed(view, subset, path, width=WIDTH, progress=progress)
        progress(f"Probing the {words} network", index / len(material.learnt))
        results.append(
            linear_probe(rows, _labels(subset), test, _labels(material.test), per_class=0, seed=0)
        )
    accuracies = [result.accuracy for result in results]
    plane, explained = plane_of(test)
    spread = (max(accuracies) - min(accuracies)) / 2
    return (
        Probed(float(np.mean(accuracies)), spread, plane, explained),
        results[-1],
        test.shape[1],
        layer_width,
    )
