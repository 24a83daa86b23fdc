"""Exponential moving averages of the weights: formula, evaluation, saving and resuming."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from dlstudio.network.weights.weights import read_weights
from dlstudio.training.optim.weight_averaging import WeightAverage
from dlstudio.training.protocol.events import Finished
from dlstudio.training.storage.checkpoint import newest_checkpoint
from dlstudio.training.storage.run_folder import RunFolder
from tests.training.generative_designs import diffusion_design
from tests.training.storage.test_resume import assert_resumed_equal
from tests.training.training_designs import run_training, single_event


def settings(average: float) -> dict[str, float]:
    return {"steps": 20, "average": average}


def test_averages_follow_their_formula() -> None:
    module = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    averages = WeightAverage(module, 0.5)
    expected = module[0].weight.detach().clone()
    for step in range(12):
        with torch.no_grad():
            module[0].weight.normal_()
        module(torch.randn(4, 3))
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * module[0].weight.detach()
        averages.update(step)
    tensors = averages.tensors()
    assert torch.allclose(tensors["0.weight"], expected)
    assert tensors["1.num_batches_tracked"].item() == 12
    trained = module[0].weight.detach().clone()
    with averages.swapped_in():
        assert torch.equal(module[0].weight, tensors["0.weight"])
    assert torch.equal(module[0].weight, trained)


def test_averages_leave_training_unchanged_and_are_saved(tmp_path: Path) -> None:
    runs = {}
    for average in (0.0, 0.9):
        folder = tmp_path / str(average)
        events = run_training(
            diffusion_design(task_settings=settings(average)), run_dir=str(folder)
        )
        checkpoint = newest_checkpoint(RunFolder(folder, "").checkpoints)
        assert checkpoint is not None
        runs[average] = (
            checkpoint[0].tensors,
            read_weights(single_event(events, Finished).weights_file),
        )
    (plain, plain_weights), (averaged, weights) = runs[0.0], runs[0.9]
    for name, tensor in weights.items():
        assert torch.equal(plain[f"module.{name}"], averaged[f"module.{name}"])
        assert torch.equal(plain_weights[name], plain[f"module.{name}"])
        assert torch.equal(tensor, averaged[f"average.{name}"])
    assert not torch.equal(weights["linear_1.weight"], plain_weights["linear_1.weight"])


@pytest.mark.parametrize("stops", [(1,), (2, 5)])
def test_resumed_averages_are_bit_equal(stops: tuple[int, ...], tmp_path: Path) -> None:
    assert_resumed_equal(diffusion_design(epochs=3, task_settings=settings(0.9)), tmp_path, stops)
