"""A regression that learns standardised values reports and predicts in the unit of the data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from dlstudio.data.core.batches import Batches
from dlstudio.data.core.normaliser import fit_target
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import AUTOMATIC
from dlstudio.training.loop.observer import RunView
from dlstudio.training.protocol.events import Finished
from dlstudio.worker.network_files import NetworkWriter, read_network
from tests.training.training_designs import chain, run_training, single_event

DIABETES = DataSettings("diabetes", standardise_target=True)


def linear_regression(data: DataSettings = DIABETES, outputs: int = 1) -> Project:
    project = chain([("flatten", {}), ("linear", {"out_features": outputs})])
    nodes = dict(project.graph.nodes)
    nodes["output_1"] = replace(nodes["output_1"], settings={"role": "value"})
    return replace(
        project,
        graph=replace(project.graph, nodes=nodes),
        data=data,
        training=replace(AUTOMATIC, task="regression", loss="mse"),
    )


class LastView:
    """Keeps the network of a run."""

    name = "last"
    view: RunView

    def wants(self, step: int, epoch: int) -> bool:
        return True

    def observe(self, view: RunView) -> Any:
        self.view = view


@pytest.mark.parametrize("shape", [(50,), (50, 3), (50, 2, 4)])
def test_each_column_has_mean_zero_and_deviation_one(shape: tuple[int, ...]) -> None:
    target = 1e3 + 7 * torch.randn(shape, generator=torch.Generator().manual_seed(1))
    scale = fit_target(target)
    standardised = scale.apply(target)
    assert torch.allclose(standardised.mean(0), torch.zeros(shape[1:]), atol=1e-4)
    assert torch.allclose(standardised.std(0, correction=0), torch.ones(shape[1:]), atol=1e-4)
    assert torch.allclose(scale.undo(standardised), target, rtol=1e-5)


def test_constant_target_keeps_its_spread() -> None:
    assert fit_target(torch.full((9,), 4.0)).apply(torch.tensor([4.0, 5.0])).tolist() == [0, 1]


def test_only_values_of_the_training_subset_are_measured() -> None:
    data = load_data(DIABETES)
    assert data.target_scale is not None
    assert data.train.target is not None
    assert data.target_scale.apply(data.train.target).mean().abs() < 1e-4
    assert load_data(replace(DIABETES, standardise_target=False)).target_scale is None
    assert load_data(DataSettings("iris", standardise_target=True)).target_scale is None


def test_linear_network_learns_in_the_unit_of_the_data() -> None:
    from sklearn.linear_model import RidgeCV

    data = load_data(DIABETES)
    assert data.test is not None
    ridge = RidgeCV().fit(data.train.inputs["samples"], data.train.target)
    expected = ridge.score(data.test.inputs["samples"], data.test.target)
    metrics = single_event(run_training(linear_regression()), Finished).metrics
    assert metrics["test_r2"] > expected - 0.05
    assert 30 < metrics["test_mae"] < 80
    assert metrics["test_loss"] < 1


def test_predictions_are_equal_in_run_and_worker(tmp_path: Path) -> None:
    observer, project = LastView(), linear_regression()
    metrics = single_event(run_training(project, observers=[observer], epochs=3), Finished).metrics
    copied, _ = read_network(NetworkWriter(tmp_path).write(observer.view, project))
    test = observer.view.subsets["test"]
    assert test.target is not None
    for view in (observer.view, copied):
        batches = Batches(test, len(test), view.device, view.normaliser, keep_single=True)
        with torch.no_grad():
            outputs = view.objective.main.module(batches.batch(None, 0).inputs["samples"])
        predicted = torch.stack([view.objective.to_predictions(row, 0) for row in outputs])
        error = (predicted.flatten() - test.target).abs().mean()
        assert float(error) == pytest.approx(metrics["test_mae"], rel=1e-4)


def test_forecast_of_a_series_is_standardised_by_step() -> None:
    project = linear_regression(DataSettings("series", standardise_target=True), outputs=12)
    metrics = single_event(run_training(project, epochs=3), Finished).metrics
    assert metrics["test_r2"] > 0
