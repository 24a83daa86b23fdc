"""Linear probes of embeddings and reconstruction errors, on small trained networks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from dlstudio.data.core.dataset import DataSet, Subset
from dlstudio.data.load import load_data
from dlstudio.design.edits import append_after
from dlstudio.design.model.data_settings import Augmentation, DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.insight.analyses.anomaly import sample_errors
from dlstudio.insight.analyses.anomaly_views import compare, threshold
from dlstudio.insight.analyses.embeddings import embed
from dlstudio.insight.analyses.linear_classifier import choose_labelled, linear_probe
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.observer import RunView
from dlstudio.training.protocol.events import Finished, RunOptions
from dlstudio.training.tasks.registry import create_objective

TAIL = [("linear", {"out_features": 64}), ("reshape", {"shape": (1, 8, 8)})]
HEAD = [("flatten", {}), ("linear", {"out_features": 48}), ("relu", {})]


class LastView:
    """An observer that keeps the view of the last step."""

    name = "last"
    view: RunView | None = None

    def wants(self, step: int, epoch: int) -> bool:
        return True

    def observe(self, view: RunView) -> None:
        self.view = view


def make_project(layers: list, role: str, **training: object) -> Project:
    project, end = append_after(Project(), None, "input")
    for kind, settings in [*layers, ("output", {"role": role})]:
        project, end = append_after(project, end, kind, settings)
    augmentation = Augmentation(shift=0.1, rotate=15.0)
    data = DataSettings("digits", augmentation=augmentation)
    settings = TrainingSettings(**{"batch_size": 64, "epochs": 12, **training})
    return replace(project, data=data, training=settings)


def trained(project: Project) -> RunView:
    last = LastView()
    *_, end = train(project, RunOptions(threads=1), observers=[last])
    assert isinstance(end, Finished), end
    assert last.view is not None
    return last.view


@cache
def contrastive_view() -> RunView:
    layers = [*HEAD, ("linear", {"out_features": 16})]
    return trained(make_project(layers, "embedding", task="contrastive", loss="nt-xent"))


@cache
def reconstruction_view() -> RunView:
    layers = [("flatten", {}), ("linear", {"out_features": 10}), *TAIL]
    project = make_project(layers, "reconstruction", task="reconstruction", loss="mse")
    return trained(replace(project, data=DataSettings("digits")))


def digits() -> DataSet:
    return load_data(DataSettings("digits"))


def untrained(view: RunView) -> RunView:
    layers = [*HEAD, ("linear", {"out_features": 16})]
    project = make_project(layers, "embedding", task="contrastive", loss="nt-xent")
    objective = create_objective(project.training, compile_design(project, view.facts))
    return replace(view, objective=objective)


def labels(subset: Subset) -> np.ndarray:
    assert subset.target is not None
    return subset.target.numpy()


def test_embed_returns_layer_outputs_for_each_sample() -> None:
    view, data = contrastive_view(), digits()
    assert data.test is not None
    samples = data.normaliser.apply("samples", data.test.inputs["samples"])
    module = view.objective.main.module
    before = [submodule.training for submodule in module.modules()]
    with torch.inference_mode():
        hidden = module.get_submodule("linear_1")(samples.flatten(1)).relu()
    np.testing.assert_allclose(embed(view, data.test, "relu_1"), hidden, rtol=1e-5, atol=1e-5)
    assert embed(view, data.test).shape == (len(data.test), 16)
    assert embed(view, data.test, limit=7).shape == (7, 16)
    assert [submodule.training for submodule in module.modules()] == before
    with pytest.raises(ValueError, match="no layer 'nowhere'"):
        embed(view, data.test, "nowhere")


def test_contrastive_embeddings_improve_a_few_label_probe() -> None:
    view, data = contrastive_view(), digits()
    assert data.test is not None

    def probe(view: RunView) -> float:
        rows, test = embed(view, data.train), embed(view, data.test)
        results = [
            linear_probe(rows, labels(data.train), test, labels(data.test), per_class=2, seed=seed)
            for seed in range(5)
        ]
        assert {result.labelled for result in results} == {20}
        return float(np.mean([result.accuracy for result in results]))

    assert probe(view) > probe(untrained(view)) + 0.05


def test_labels_are_chosen_by_class_and_seed() -> None:
    classes = np.array([0] * 50 + [1] * 3 + [2] * 20)
    chosen = choose_labelled(classes, 5, 1)
    assert np.bincount(classes[chosen]).tolist() == [5, 3, 5]
    assert np.array_equal(chosen, choose_labelled(classes, 5, 1))
    assert not np.array_equal(chosen, choose_labelled(classes, 5, 2))
    assert len(choose_labelled(classes, 0, 1)) == 73


def test_probe_of_one_class_is_rejected() -> None:
    rows, classes = np.zeros((4, 2), np.float32), np.zeros(4, np.int64)
    with pytest.raises(ValueError, match="two classes"):
        linear_probe(rows, classes, rows, classes, per_class=2, seed=0)


def test_sample_errors_match_the_reconstruction() -> None:
    view, data = reconstruction_view(), digits()
    assert data.test is not None
    samples = data.normaliser.apply("samples", data.test.inputs["samples"])
    with torch.inference_mode():
        reconstruction = view.objective.main.module(samples)
    expected = (reconstruction - samples).square().mean((1, 2, 3))
    np.testing.assert_allclose(sample_errors(view, data.test), expected, rtol=1e-4)


def test_rotated_digits_are_anomalous() -> None:
    view, data = reconstruction_view(), digits()
    assert data.test is not None
    rotated = Subset({"samples": data.test.inputs["samples"].rot90(1, (2, 3)).contiguous()})
    normal, anomalous = sample_errors(view, data.test), sample_errors(view, rotated)
    score = compare(normal, anomalous, 0.9)
    assert score.auroc > 0.8
    assert score.false_alarm_rate == pytest.approx(0.1, abs=0.01)
    assert score.detection_rate > score.false_alarm_rate
    assert score.threshold == threshold(normal, 0.9)


def test_auroc_counts_pairs() -> None:
    score = compare(np.array([1.0, 2.0, 3.0]), np.array([2.5, 4.0]), 0.5)
    assert score.auroc == pytest.approx(5 / 6)
    assert (score.threshold, score.false_alarm_rate, score.detection_rate) == (
        2.0,
        pytest.approx(1 / 3),
        1.0,
    )


def test_invalid_comparisons_are_rejected() -> None:
    with pytest.raises(ValueError, match="does not reconstruct"):
        sample_errors(contrastive_view(), digits().train)
    with pytest.raises(ValueError, match="no samples"):
        threshold(np.empty(0), 0.9)
    with pytest.raises(ValueError, match="no anomalous"):
        compare(np.ones(3), np.empty(0))
