"""Probes how well the classes are linearly separable at a layer, trained and untrained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.design.model.model import Project
from dlstudio.insight.analyses.embeddings import embed
from dlstudio.insight.analyses.linear_classifier import (
    Labels,
    ProbeResult,
    choose_labelled,
    linear_probe,
)
from dlstudio.insight.analyses.probe_views import (
    ProbeChoice,
    ProbeScore,
    ProbeView,
    project_to_plane,
)
from dlstudio.insight.common.eval_mode import no_progress
from dlstudio.insight.common.network_state import NetworkState
from dlstudio.network.compile.compile import Component, compile_design
from dlstudio.training.loop.observer import RunView
from dlstudio.training.tasks.registry import create_objective

MAX_TRAINING_SAMPLES = 3000
MAX_TEST_SAMPLES = 1500
MAX_WIDTH = 512
LABEL_DRAWS = 5
"""Number of random choices of labels, whose results are averaged."""


def compute_probe(state: NetworkState, layer: str, labels: int) -> ProbeView:
    """Return a linear probe of a layer with `labels` labels per class."""
    choice = ProbeChoice(layer, labels)
    return probe_layer(state.network, state.project, choice, state.progress)


def probe_layer(
    view: RunView, project: Project, choice: ProbeChoice, progress: ProgressCallback = no_progress
) -> ProbeView:
    """Return the accuracy of a linear classifier at a layer, trained and untrained.

    Args:
        view: A network and its data, which are not changed.
        project: The design of the network.
        choice: Layer and number of labels.
        progress: Called with a message and the completed share; an exception it raises cancels.

    Raises:
        ValueError: The data has no classes, or the layer does not exist.
    """
    data = _probe_data(view, choice.per_class)
    trained, probe, width, layer_width = _score_network(
        view, data, choice.path, progress, "trained"
    )
    progress("Building the untrained network", None)
    untrained_objective = create_objective(
        project.training, compile_design(project, view.facts, device=view.device)
    )
    untrained, *_ = _score_network(
        replace(view, objective=untrained_objective), data, choice.path, progress, "untrained"
    )
    return ProbeView(
        step=view.step,
        choice=choice,
        layers=layer_paths(view.objective.main),
        trained=trained,
        untrained=untrained,
        labels=_labels(data.test),
        class_names=view.facts.class_names,
        chance=probe.chance,
        labelled=probe.labelled,
        draws=len(data.training),
        width=width,
        pooled=layer_width if layer_width > width else 0,
        tested=len(data.test),
    )


def layer_paths(component: Component) -> tuple[str, ...]:
    """Return the paths of the layers of a network, in the order of their calls."""
    nodes = component.module.graph.nodes
    return tuple(dict.fromkeys(str(node.target) for node in nodes if node.op == "call_module"))


@dataclass(frozen=True, slots=True)
class _ProbeData:
    """Samples for the probe: a training subset for each choice of labels, and a test subset."""

    training: Sequence[Subset]
    test: Subset


def _probe_data(view: RunView, per_class: int) -> _ProbeData:
    train = view.subsets.get("train")
    if train is None:
        raise ValueError("The training data is not downloaded. Train once to download it.")
    test = view.subsets.get("test") or view.subsets.get("validation")
    if not _has_classes(train) or not view.facts.class_names:
        raise ValueError(
            "The data has no class label per sample, so it cannot be probed. "
            "Choose data with classes; the task need not use them."
        )
    if test is None:
        half = torch.arange(train.total_samples)
        train, test = train.select(half[::2]), train.select(half[1::2])
    test = _select(test, np.arange(min(test.total_samples, MAX_TEST_SAMPLES)))
    if not per_class:
        return _ProbeData(
            [_select(train, np.arange(min(train.total_samples, MAX_TRAINING_SAMPLES)))], test
        )
    classes = _labels(train)
    draws = [choose_labelled(classes, per_class, seed) for seed in range(LABEL_DRAWS)]
    return _ProbeData([_select(train, rows[:MAX_TRAINING_SAMPLES]) for rows in draws], test)


def _has_classes(subset: Subset) -> bool:
    return (
        subset.target is not None and subset.target.ndim == 1 and subset.target.dtype == torch.int64
    )


def _labels(subset: Subset) -> Labels:
    assert subset.target is not None
    return subset.target.cpu().numpy().astype(np.int64)


def _select(subset: Subset, rows: Labels) -> Subset:
    return subset.select(torch.from_numpy(rows))


def _score_network(
    view: RunView, data: _ProbeData, path: str, progress: ProgressCallback, name: str
) -> tuple[ProbeScore, ProbeResult, int, int]:
    """Return the score, the last probe, the width of the embeddings and that of the layer."""
    test = embed(view, data.test, path, width=MAX_WIDTH, progress=progress)
    layer_width = embed(view, data.test, path, limit=1).shape[1]
    results = []
    for index, subset in enumerate(data.training):
        rows = embed(view, subset, path, width=MAX_WIDTH, progress=progress)
        progress(f"Probing the {name} network", index / len(data.training))
        results.append(
            linear_probe(rows, _labels(subset), test, _labels(data.test), per_class=0, seed=0)
        )
    accuracies = [result.accuracy for result in results]
    plane, explained = project_to_plane(test)
    spread = (max(accuracies) - min(accuracies)) / 2
    return (
        ProbeScore(float(np.mean(accuracies)), spread, plane, explained),
        results[-1],
        test.shape[1],
        layer_width,
    )
