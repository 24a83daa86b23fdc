"""Odd samples against usual ones, with a network that rebuilds digits without having learnt."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from dlstudio.data.load import load_data
from dlstudio.data.parts import Part
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.edits import append_after
from dlstudio.design.model import Project
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.design.values import Value
from dlstudio.insight.anomaly import survey
from dlstudio.insight.anomaly_views import OddChoice, auroc
from dlstudio.insight.odd_samples import odd_part
from dlstudio.insight.watching import quiet
from dlstudio.network.compile import compile_design
from dlstudio.training.observer import RunView
from dlstudio.training.tasks.choose import choose_objective

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
def rebuilding(source: str = "digits") -> RunView:
    project, end = Project(data=DataSettings(source)), None
    for kind, settings in LAYERS if source == "digits" else ROWS:
        project, end = append_after(project, end, kind, settings)
    project = replace(project, training=TrainingSettings(task="reconstruction", loss="mse"))
    data = load_data(project.data)
    objective = choose_objective(project.training, compile_design(project, data.facts))
    return RunView(
        objective, data.parts, data.normaliser, data.facts, torch.device("cpu"), step=7, epoch=1
    )


def usual() -> Part:
    return rebuilding().parts["test"]


def test_the_worst_come_first_and_beside_what_became_of_them() -> None:
    result = survey(rebuilding(), OddChoice())
    assert (result.step, result.usual_part, len(result.usual)) == (7, "test", len(usual()))
    worst = usual().inputs["samples"][int(result.usual.argmax())]
    titles = [row.title for row in result.usual_worst.rows]
    assert titles == ["Usual, worst", "Rebuilt"]
    assert np.array_equal(result.usual_worst.rows[0].values[0, ..., 0], worst[0].numpy())
    assert result.auroc == auroc(result.usual, result.odd)


def test_columns_of_all_units_are_seen_in_the_worst_rows() -> None:
    view = rebuilding("wine")
    result = survey(view, OddChoice())
    worst = result.usual_worst
    assert worst.form == "lines"
    raw = view.parts["test"].inputs["samples"]
    expected = view.normaliser.apply("samples", raw)[int(result.usual.argmax())]
    np.testing.assert_allclose(worst.rows[0].values[0], expected, rtol=1e-5, atol=1e-6)


def test_a_threshold_by_hand_counts_both_sides() -> None:
    result = survey(rebuilding(), OddChoice())
    limit = float(np.median(result.odd))
    score = result.at(limit)
    assert score.found == pytest.approx(0.5, abs=0.01)
    assert score.false_alarms == (result.usual > limit).mean()


def test_the_network_and_torchs_generator_stay_as_they_were() -> None:
    view = rebuilding()
    view.objective.compiled.module.train()
    before = torch.get_rng_state()
    survey(view, OddChoice("shapes"))
    assert torch.equal(torch.get_rng_state(), before)
    assert view.objective.compiled.module.training


@pytest.mark.parametrize("source", ["noise", "shapes", "tones"])
def test_odd_pictures_take_the_form_of_the_usual_ones(source: str) -> None:
    own = usual().inputs["samples"]
    samples = odd_part(OddChoice(source), usual(), quiet).inputs["samples"]
    assert samples.dtype == own.dtype
    assert samples.shape[1:] == own.shape[1:]
    assert samples.float().std() > 10


def test_grey_pictures_of_floats_in_colour_keep_their_range() -> None:
    colour = Part({"samples": torch.rand(20, 3, 10, 12) * 4 - 2})
    samples = odd_part(OddChoice("digits"), colour, quiet).inputs["samples"]
    assert samples.shape[1:] == (3, 10, 12)
    assert samples.min() >= -2
    assert samples.max() <= 2
    assert torch.equal(samples[:, 0], samples[:, 2])


def test_noise_follows_its_seed_and_the_spread_of_each_feature() -> None:
    rows = Part({"samples": torch.randn(4000, 2) * torch.tensor([1.0, 30.0])})
    one, same, other = (
        odd_part(OddChoice(seed=seed), rows, quiet).inputs["samples"] for seed in (1, 1, 2)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert one.std(0).tolist() == pytest.approx([1.0, 30.0], rel=0.1)


def test_rows_of_another_width_are_refused_in_words() -> None:
    rows = Part({"samples": torch.randn(10, 4)})
    with pytest.raises(ValueError, match="samples of 13, and this network takes 4"):
        odd_part(OddChoice("wine"), rows, quiet)
    assert odd_part(OddChoice("iris"), rows, quiet).rows > 50


def test_further_inputs_are_those_of_usual_samples() -> None:
    labelled = Part({"samples": torch.randn(3, 4), "labels": torch.arange(3)})
    anomalous = odd_part(OddChoice("iris"), labelled, quiet)
    assert anomalous.inputs["labels"][:5].tolist() == [0, 1, 2, 0, 1]


def test_a_network_that_has_gone_to_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        auroc(np.array([1.0, np.nan]), np.array([2.0]))


def test_work_ends_where_it_is_told_to() -> None:
    class Enough(Exception):
        pass

    def stop(text: str, share: float | None) -> None:
        if text == "Rebuilding odd samples":
            raise Enough

    with pytest.raises(Enough):
        survey(rebuilding(), OddChoice(), stop)
