"""Predictions for samples of the data, for each kind of task and data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dlstudio.data.load import load_data
from dlstudio.design.edits import append_after, set_data, set_training
from dlstudio.design.model.data_settings import Augmentation, DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.values import Ref
from dlstudio.insight.activations.activation_views import SampleChoice
from dlstudio.insight.activations.activations import capture_activations
from dlstudio.insight.samples.predictions import SERIES, WRONG
from dlstudio.insight.samples.sample_views import SamplesView
from dlstudio.insight.samples.samples import sample_network
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.loop.observer import RunView
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.tasks.registry import create_objective

CLASSES = ("linear", {"out_features": Ref("classes")})
EMBEDDING = ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 4})


def make_view(
    data: DataSettings,
    layers: Sequence[tuple[str, dict[str, Any]]],
    task: str,
    role: str,
    loss: str = "cross-entropy",
) -> RunView:
    return make_network(data, layers, task, role, loss)[0]


def make_network(
    data: DataSettings,
    layers: Sequence[tuple[str, dict[str, Any]]],
    task: str,
    role: str,
    loss: str = "cross-entropy",
) -> tuple[RunView, Project]:
    project, last = Project(), None
    input_role = "tokens" if layers[0] is EMBEDDING else "samples"
    for kind, settings in (("input", {"role": input_role}), *layers, ("output", {"role": role})):
        project, last = append_after(project, last, kind, settings)
    project = set_data(project, data)
    project = set_training(project, replace(project.training, task=task, loss=loss))
    dataset = load_data(data)
    compiled = compile_design(project, dataset.facts)
    compiled.module.eval()
    view = RunView(
        create_objective(project.training, compiled),
        dataset.subsets,
        dataset.normaliser,
        dataset.facts,
        torch.device("cpu"),
        step=7,
        epoch=1,
        vocabulary=dataset.vocabulary,
        target_names=dataset.target_names,
        original=dataset.original,
        columns=dataset.input_columns,
        word_columns=dataset.word_columns,
        features=dataset.columns,
    )
    return view, project


def sample(view: RunView, **request: Any) -> SamplesView:
    result = sample_network(view, SampleRequest(**request))
    assert result is not None
    assert not result.error
    return result


def test_images_are_captioned_with_the_predicted_class() -> None:
    view = make_view(
        DataSettings("digits"), [("flatten", {}), CLASSES], "classification", "class scores"
    )
    result = sample(view)
    assert (result.form, len(result.captions)) == ("pictures", 16)
    spans = {line.is_correct: line.spans[0] for line in result.captions}
    assert spans[False].kind == "wrong"
    assert spans[False].truth != spans[False].text
    assert result.correct_count == sum(bool(line.is_correct) for line in result.captions)


def test_seed_selects_the_samples() -> None:
    view = make_view(
        DataSettings("digits"), [("flatten", {}), CLASSES], "classification", "class scores"
    )
    first, again, other = (sample(view, seed=seed).rows[0].values for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_points_are_grouped_by_predicted_class_and_by_error() -> None:
    view = make_view(DataSettings("moons"), [CLASSES], "classification", "class scores")
    result = sample(view)
    assert result.form == "points"
    assert [row.title for row in result.rows] == ["A", "B", WRONG]
    assert sum(map(len, result.rows[:-1])) == len(view.subsets["test"])
    assert 0 < len(result.rows[-1]) < len(view.subsets["test"])


def test_rows_and_texts_precede_their_predicted_class() -> None:
    result = sample(make_view(DataSettings("iris"), [CLASSES], "classification", "class scores"))
    assert result.captions[0].spans[0].text.count(" · ") == 3
    assert result.captions[0].spans[1].text in {"setosa", "versicolor", "virginica"}
    layers = [EMBEDDING, ("flatten", {}), CLASSES]
    data = DataSettings("reviews", {"samples": 40})
    result = sample(make_view(data, layers, "classification", "class scores"))
    assert " was " in result.captions[0].text
    assert result.captions[0].text.endswith(("→ good", "→ bad"))


def test_classes_of_each_step_are_marked() -> None:
    data = DataSettings("copy-memory", {"samples": 40, "delay": 2})
    result = sample(make_view(data, [EMBEDDING, CLASSES], "classification", "class scores"))
    kinds = {span.kind for line in result.captions for span in line.spans}
    assert kinds == {"given", "right", "wrong"}


def test_predicted_values_are_plotted_over_true_ones() -> None:
    layers = [("linear", {"out_features": 1})]
    view = make_view(DataSettings("diabetes"), layers, "regression", "value", "mse")
    result = sample(view)
    assert (result.form, result.rows[0].values.shape) == ("scatter", (len(view.subsets["test"]), 2))
    truth = view.subsets["test"].target
    assert truth is not None
    np.testing.assert_allclose(
        sorted(result.rows[0].values[:, 0]), sorted(truth.flatten().tolist()), rtol=1e-6
    )


def test_forecast_starts_at_the_end_of_the_known_series() -> None:
    data = DataSettings("series", {"samples": 400, "window": 20, "horizon": 5})
    layers = [("flatten", {}), ("linear", {"out_features": Ref("horizon")})]
    result = sample(make_view(data, layers, "regression", "value", "mse"))
    known, actual, forecast = result.rows
    assert tuple(row.title for row in result.rows) == SERIES
    assert [row.start for row in result.rows] == [0, 19, 19]
    np.testing.assert_array_equal(known.values[:, -1], forecast.values[:, 0])
    np.testing.assert_array_equal(known.values[:, -1], actual.values[:, 0])
    assert forecast.values.shape == (16, 6)


@pytest.fixture
def labelled(tmp_path: Path) -> RunView:
    path = tmp_path / "labels.csv"
    rows = [f"{index / 20},{index % 3},{index % 2},{index // 20}" for index in range(40)]
    path.write_text("\n".join(["heat,height,warm,tall", *rows]))
    columns = {"warm": "value", "tall": "value"}
    data = DataSettings("csv", {"path": str(path), "columns": columns})
    data = replace(data, facts=load_data(data).facts)
    layers = [("linear", {"out_features": Ref("labels")})]
    return make_view(data, layers, "multi-label", "class scores", "binary")


def test_labels_are_named_by_their_columns(labelled: RunView) -> None:
    result = sample(labelled, count=40)
    texts = {span.text.strip(", ") for line in result.captions for span in line.spans[1:]}
    assert texts <= {"warm", "tall", "none"}
    assert {"warm", "tall"} & texts


def test_captured_sample_lists_its_labels(labelled: RunView) -> None:
    target = labelled.subsets["test"].target
    assert target is not None
    for index, row in enumerate(target.tolist()):
        result = capture_activations(labelled, SampleChoice("test", index))
        assert result is not None
        assert result.class_names == ("warm", "tall")
        assert result.targets == tuple(index for index, on in enumerate(row) if on)
        names = [name for name, on in zip(("warm", "tall"), row, strict=True) if on]
        assert result.true_label == (", ".join(names) or "none")


def test_embedding_is_shown_by_nearest_neighbours() -> None:
    layers = [("flatten", {}), ("linear", {"out_features": 8})]
    data = DataSettings("digits", augmentation=Augmentation(shift=0.1))
    view = make_view(data, layers, "contrastive", "embedding", "nt-xent")
    result = sample(view, count=5)
    assert [len(row) for row in result.rows] == [5] * 4
    np.testing.assert_array_equal(result.rows[0].values, sample(view, count=5).rows[0].values)
    differences = [
        (row.values.astype(float) - result.rows[0].values).reshape(5, -1).std(1).mean()
        for row in result.rows
    ]
    assert differences[0] == 0
    assert min(differences[1:]) > 0


@pytest.mark.parametrize("explores", [True, False])
def test_latent_position_is_returned_when_exploring(explores: bool) -> None:
    layers = [
        ("flatten", {}), ("linear", {"out_features": 3}),
        ("linear", {"out_features": Ref("features")}), ("reshape", {"shape": (1, 8, 8)}),
    ]  # fmt: skip
    view = make_view(DataSettings("digits"), layers, "reconstruction", "reconstruction", "mse")
    result = sample(view, explore_latent=explores)
    assert len(result) == (1 if explores else 16)
    if not explores:
        assert result.latent is None
        return
    assert result.latent is not None
    moved = sample(view, explore_latent=True, latent=(5.0, 0.0, 0.0))
    assert moved.latent is not None
    assert moved.latent.position.tolist() == [5, 0, 0]
    assert sorted(moved.latent.order.tolist()) == [0, 1, 2]
    assert (moved.rows[0].values != result.rows[0].values).any()


def test_unsupported_request_is_reported() -> None:
    view = make_view(
        DataSettings("digits"), [("flatten", {}), CLASSES], "classification", "class scores"
    )
    result = sample_network(view, SampleRequest(explore_latent=True))
    assert result is not None
    assert "no latent space" in result.error
