"""The examples that make points out of noise do make points like those of the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors
from training_designs import follow, only

from dlstudio.data.batches import Batch
from dlstudio.data.load import load_data
from dlstudio.data.parts import DataSet
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.network.compile import compile_design
from dlstudio.network.weights import load_weights
from dlstudio.training.events import Finished
from dlstudio.training.objective import Objective
from dlstudio.training.sampling import SampleRequest
from dlstudio.training.tasks.choose import choose_objective

COUNT = 2000


def trained(name: str, folder: Path) -> tuple[Objective, DataSet]:
    project = load(example_path(name))
    finished = only(follow(project, run_dir=str(folder)), Finished)
    data = load_data(project.data)
    compiled = compile_design(project, data.facts)
    load_weights(compiled.module, finished.weights_file)
    compiled.module.eval()
    return choose_objective(project.training, compiled), data


@torch.inference_mode()
def points(objective: Objective, data: DataSet, sampler: str = "") -> np.ndarray:
    given = Batch({"samples": data.normaliser.apply("samples", data.train.inputs["samples"])}, None)
    samples = objective.sample(SampleRequest(seed=1, count=COUNT, sampler=sampler), given)
    assert samples is not None
    return data.normaliser.undo("samples", samples.tensors["generated"]).numpy()


def distances(from_these: np.ndarray, to_those: np.ndarray) -> np.ndarray:
    neighbours = NearestNeighbors(n_neighbors=1).fit(to_those)
    return neighbours.kneighbors(from_these)[0][:, 0]


@pytest.mark.slow
def test_the_generator_finds_all_eight_clouds(tmp_path: Path) -> None:
    objective, data = trained("gan-ring", tmp_path)
    angles = np.arange(8) * np.pi / 4
    clouds = np.stack([np.cos(angles), np.sin(angles)], 1)
    far = np.linalg.norm(points(objective, data)[:, None] - clouds, axis=2)
    near = far.min(1) < 3 * 0.05
    shares = [np.mean(near & (far.argmin(1) == cloud)) for cloud in range(8)]
    assert min(shares) > 0.02
    assert sum(shares) > 0.5


@pytest.mark.slow
def test_points_out_of_noise_lie_on_both_moons(tmp_path: Path) -> None:
    objective, data = trained("diffusion-moons", tmp_path)
    assert data.test is not None
    real, unseen = (part.inputs["samples"].numpy() for part in (data.train, data.test))
    between_real = distances(unseen, real)
    for sampler in ("ddim", "ddpm"):
        made = points(objective, data, sampler)
        assert distances(made, real).mean() < 3 * between_real.mean()
        assert np.quantile(distances(made, real), 0.9) < 0.1
        assert np.quantile(distances(unseen, made), 0.95) < 0.1
