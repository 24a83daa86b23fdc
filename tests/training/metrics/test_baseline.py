from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import DataSet
from dlstudio.data.load import load_data
from dlstudio.design.edits import set_training
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Optimiser
from dlstudio.design.model.values import Value
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.metrics.baseline import share_of_most_common
from dlstudio.training.protocol.events import EpochDone, Started
from dlstudio.training.tasks.registry import create_objective
from dlstudio.training.tasks.unsupervised.contrastive import cosine_similarities, partner_indices
from tests.training.training_designs import chain, run_training, single_event, with_optimiser

FROZEN = Optimiser("sgd", 1e-30)


def test_most_common_value_is_counted() -> None:
    assert share_of_most_common(torch.tensor([2, 0, 2, 2]), torch.tensor([2, 2, 1, 0])) == 0.5
    masks = torch.tensor([[0, 1], [1, 1], [0, 1], [1, 0]])
    assert share_of_most_common(masks, masks) == 0.625


def constant_network(task: str, role: str, outputs: int, data: DataSettings) -> Project:
    loss = {"regression": "mse", "classification": "cross-entropy"}[task]
    project = chain([("flatten", {}), ("linear", {"out_features": outputs})], task=task, loss=loss)
    nodes = dict(project.graph.nodes)
    nodes["output_1"] = replace(nodes["output_1"], settings={"role": role})
    graph = replace(project.graph, nodes=nodes)
    project = replace(project, graph=graph, data=data)
    return with_optimiser(replace(project, training=replace(project.training, epochs=1)), FROZEN)


def run_constant(
    project: Project, inputs: int, bias: torch.Tensor, tmp_path: Path
) -> tuple[Started, EpochDone]:
    """Return the events of a run of a network that always answers `bias` and learns nothing."""
    weights = {"linear_1.weight": torch.zeros(len(bias), inputs), "linear_1.bias": bias}
    save_file(weights, tmp_path / "constant.safetensors")
    events = run_training(project, initial_weights=str(tmp_path / "constant.safetensors"))
    return single_event(events, Started), single_event(events, EpochDone)


@pytest.mark.parametrize("standardised", [True, False])
def test_baseline_of_a_regression_is_that_of_the_mean(standardised: bool, tmp_path: Path) -> None:
    data = DataSettings("diabetes", standardise_target=standardised)
    project = constant_network("regression", "value", 1, data)
    mean = 0.0 if standardised else 151.65
    started, epoch = run_constant(project, 10, torch.tensor([mean]), tmp_path)
    loss = started.baseline["validation_loss"]
    assert epoch.metrics["validation_loss"] == pytest.approx(loss, rel=0.01)
    assert started.baseline["validation_r2"] == 0.0
    assert -0.1 < epoch.metrics["validation_r2"] <= 0.0


def test_baseline_of_a_classification_is_that_of_the_most_common_class(tmp_path: Path) -> None:
    project = constant_network("classification", "class scores", 2, DataSettings("breast-cancer"))
    scores = torch.tensor([0.0, 1.0])
    started, epoch = run_constant(project, 30, scores, tmp_path)
    accuracy = epoch.metrics["validation_accuracy"]
    assert accuracy == pytest.approx(started.baseline["validation_accuracy"], abs=1e-12)
    assert 0.6 < accuracy < 0.66


@pytest.mark.parametrize(
    ("example", "metric", "low", "high"),
    [
        ("segment-shapes", "pixel_accuracy", 0.5, 0.95),
        ("shapes-labels", "label_accuracy", 0.5, 0.8),
        ("forecast-lstm", "loss", 0.1, 2.0),
        ("denoise", "loss", 0.01, 2.0),
        ("masked-dates", "accuracy", 0.02, 0.4),
        ("vae-digits", "loss", 15.0, 45.0),
        ("diffusion-moons", "loss", 0.999, 1.001),
        ("simclr-digits", "loss", 3.0, 7.0),
        ("simclr-digits", "retrieval", 0.0005, 0.05),
    ],
)
def test_untrained_network_does_not_beat_the_baseline(
    example: str, metric: str, low: float, high: float
) -> None:
    project = load(example_path(example))
    groups = tuple(replace(group, optimiser=FROZEN) for group in project.training.groups)
    training = replace(project.training, epochs=1, groups=groups)
    project = set_training(project, training)
    small = replace(project.data, split=replace(project.data.split, most=256, validation=0.15))
    events = run_training(replace(project, data=small))
    baseline = single_event(events, Started).baseline[f"validation_{metric}"]
    reached = single_event(events, EpochDone).metrics[f"validation_{metric}"]
    assert low < baseline < high
    assert reached >= baseline - 0.05 if metric == "loss" else reached <= baseline + 0.05


def objective_of(example: str, **settings: Value) -> tuple[Any, DataSet]:
    project = load(example_path(example))
    training = replace(project.training, task_settings=settings or project.training.task_settings)
    data = load_data(project.data)
    compiled = compile_design(project, data.facts)
    return create_objective(training, compiled), data


def test_baseline_of_a_variational_autoencoder_is_its_collapse() -> None:
    objective, data = objective_of("vae-digits")
    samples = data.normaliser.apply("samples", data.train.inputs["samples"])
    batch = Batch({"samples": samples}, None)
    mean = samples.clamp(0, 1).mean(0).expand_as(samples)
    nats = functional.binary_cross_entropy(mean, samples.clamp(0, 1), reduction="sum")
    expected = pytest.approx(float(nats) / len(samples), rel=1e-5)
    values = objective.constant_metrics(batch, batch)
    assert values["loss"] == values["reconstruction_nats"] == values["negative_elbo"] == expected


@pytest.mark.parametrize("predicts", ["noise", "v"])
def test_baseline_of_diffusion_is_the_power_of_its_target(predicts: str) -> None:
    objective, data = objective_of("diffusion-moons", predicts=predicts)
    samples = data.normaliser.apply("samples", data.train.inputs["samples"])
    samples = samples.repeat(200, *[1] * (samples.ndim - 1)) + 0.5
    generator = torch.Generator().manual_seed(0)
    schedule = objective.noise_schedule
    times = torch.randint(schedule.steps, (len(samples),), generator=generator)
    noise = torch.randn(samples.shape, generator=generator)
    expected = float(schedule.target(samples, noise, times).square().mean())
    batch = Batch({"samples": samples}, None)
    reached = objective.constant_metrics(batch, batch)["loss"]
    assert reached == pytest.approx(expected, rel=0.02)
    assert (reached == 1.0) == (predicts == "noise")


def test_baseline_of_contrastive_learning_is_chance() -> None:
    objective, _ = objective_of("simclr-digits")
    size = objective._batch_size
    views = torch.zeros(2 * size + 3, 1)
    values = objective.constant_metrics(
        Batch({"samples": views}, None), Batch({"samples": views}, None)
    )
    sums = {"loss": 0.0, "retrieval": 0.0}
    for count in (size, size, 3):
        similarity = cosine_similarities(torch.ones(2 * count, 4)) / 0.5
        loss = functional.cross_entropy(similarity, partner_indices(similarity))
        sums["loss"] += float(loss) * count
        sums["retrieval"] += count / (2 * count - 1)
    for name, total in sums.items():
        assert values[name] == pytest.approx(total / len(views), rel=1e-6)
