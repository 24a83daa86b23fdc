"""Anomaly detection by reconstruction error, with an untrained autoencoder of digits."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from dlstudio.data.core.dataset import Subset
from dlstudio.data.load import load_data
from dlstudio.design.edits import append_after
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.design.model.values import Value
from dlstudio.insight.analyses.anomaly import evaluate_anomalies
from dlstudio.insight.analyses.anomaly_samples import anomalous_subset
from dlstudio.insight.analyses.anomaly_views import AnomalySource, auroc
from dlstudio.insight.common.eval_mode import no_progress
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.loop.observer import RunView
from dlstudio.training.tasks.registry import create_objective

LAYERS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("input", {}),
    ("flatten", {}),
    ("linear", {"out_features": 64}),
    ("reshape", {"shape": (1, 8, 8)}),
    ("output", {"role": "reconstruction"}),
)


ROWS: tuple[tuple[str, dict[str, Value]], ...] = (
    ("input", {}),
    ("linear", {"out_features": 13}),
    ("output", {"role": "reconstruction"}),
)


@cache
def reconstruction_view(source: str = "digits") -> RunView:
    project, end = Project(data=DataSettings(source)), None
    for kind, settings in LAYERS if source == "digits" else ROWS:
        project, end = append_after(project, end, kind, settings)
    project = replace(project, training=TrainingSettings(task="reconstruction", loss="mse"))
    data = load_data(project.data)
    objective = create_objective(project.training, compile_design(project, data.facts))
    return RunView(
        objective, data.subsets, data.normaliser, data.facts, torch.device("cpu"), step=7, epoch=1
    )


def normal_subset() -> Subset:
    return reconstruction_view().subsets["test"]


def test_worst_samples_come_first_with_their_reconstructions() -> None:
    result = evaluate_anomalies(reconstruction_view(), AnomalySource())
    assert (result.step, result.normal_subset, len(result.normal)) == (
        7,
        "test",
        len(normal_subset()),
    )
    worst = normal_subset().inputs["samples"][int(result.normal.argmax())]
    titles = [row.title for row in result.normal_worst.rows]
    assert titles == ["Normal, worst", "Reconstruction"]
    assert np.array_equal(result.normal_worst.rows[0].values[0, ..., 0], worst[0].numpy())
    assert result.auroc == auroc(result.normal, result.anomalous)


def test_worst_rows_are_normalised() -> None:
    view = reconstruction_view("wine")
    result = evaluate_anomalies(view, AnomalySource())
    worst = result.normal_worst
    assert worst.form == "lines"
    raw = view.subsets["test"].inputs["samples"]
    expected = view.normaliser.apply("samples", raw)[int(result.normal.argmax())]
    np.testing.assert_allclose(worst.rows[0].values[0], expected, rtol=1e-5, atol=1e-6)


def test_score_at_counts_both_sides_of_a_threshold() -> None:
    result = evaluate_anomalies(reconstruction_view(), AnomalySource())
    limit = float(np.median(result.anomalous))
    score = result.score_at(limit)
    assert score.detection_rate == pytest.approx(0.5, abs=0.01)
    assert score.false_alarm_rate == (result.normal > limit).mean()


def test_network_and_global_generator_are_unchanged() -> None:
    view = reconstruction_view()
    view.objective.compiled.module.train()
    before = torch.get_rng_state()
    evaluate_anomalies(view, AnomalySource("shapes"))
    assert torch.equal(torch.get_rng_state(), before)
    assert view.objective.compiled.module.training


@pytest.mark.parametrize("source", ["noise", "shapes", "tones"])
def test_anomalous_images_match_the_normal_form(source: str) -> None:
    normal = normal_subset().inputs["samples"]
    samples = anomalous_subset(AnomalySource(source), normal_subset(), no_progress).inputs[
        "samples"
    ]
    assert samples.dtype == normal.dtype
    assert samples.shape[1:] == normal.shape[1:]
    assert samples.float().std() > 10


def test_grey_images_are_expanded_to_colour_in_range() -> None:
    colour = Subset({"samples": torch.rand(20, 3, 10, 12) * 4 - 2})
    samples = anomalous_subset(AnomalySource("digits"), colour, no_progress).inputs["samples"]
    assert samples.shape[1:] == (3, 10, 12)
    assert samples.min() >= -2
    assert samples.max() <= 2
    assert torch.equal(samples[:, 0], samples[:, 2])


def test_noise_depends_on_the_seed_and_feature_spread() -> None:
    rows = Subset({"samples": torch.randn(4000, 2) * torch.tensor([1.0, 30.0])})
    first, again, other = (
        anomalous_subset(AnomalySource(seed=seed), rows, no_progress).inputs["samples"]
        for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.std(0).tolist() == pytest.approx([1.0, 30.0], rel=0.1)


def test_rows_of_wrong_width_are_rejected() -> None:
    rows = Subset({"samples": torch.randn(10, 4)})
    with pytest.raises(ValueError, match="samples of 13, but this network takes 4"):
        anomalous_subset(AnomalySource("wine"), rows, no_progress)
    assert anomalous_subset(AnomalySource("iris"), rows, no_progress).total_samples > 50


def test_further_inputs_are_taken_from_normal_samples() -> None:
    labelled = Subset({"samples": torch.randn(3, 4), "labels": torch.arange(3)})
    anomalous = anomalous_subset(AnomalySource("iris"), labelled, no_progress)
    assert anomalous.inputs["labels"][:5].tolist() == [0, 1, 2, 0, 1]


def test_nan_errors_are_rejected() -> None:
    with pytest.raises(ValueError, match="not finite"):
        auroc(np.array([1.0, np.nan]), np.array([2.0]))


def test_progress_callback_can_stop_the_evaluation() -> None:
    class StopEvaluation(Exception):
        pass

    def stop(text: str, share: float | None) -> None:
        if text == "Reconstructing anomalous samples":
            raise StopEvaluation

    with pytest.raises(StopEvaluation):
        evaluate_anomalies(reconstruction_view(), AnomalySource(), stop)
