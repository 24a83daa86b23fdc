"""Reconstruction: loss, noise, problems, samples and training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from dlstudio.data.core.batches import Batch
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.model import Project
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.metrics.batch_result import SINGLE_PHASE
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.core.objective import Objective
from dlstudio.training.tasks.registry import create_objective
from tests.training.training_designs import (
    chain,
    events_of,
    mean_of,
    refusal_codes,
    run_training,
    single_event,
)

BOTTLENECK = [
    ("flatten", {}), ("linear", {"out_features": 12}), ("relu", {}),
    ("linear", {"out_features": 64}), ("reshape", {"shape": (1, 8, 8)}),
]  # fmt: skip


def autoencoder(layers: Any = BOTTLENECK, role: str = "reconstruction", **training: Any) -> Project:
    project = chain(layers, task="reconstruction", loss="mse", **training)
    end = project.graph.nodes["output_1"]
    nodes = {**project.graph.nodes, "output_1": replace(end, settings={"role": role})}
    return replace(project, graph=replace(project.graph, nodes=nodes))


def problem_codes(project: Project) -> list[str]:
    return [problem.code for problem in check_project(project, Checker()).problems]


def test_autoencoder_reconstructs_digits() -> None:
    events = run_training(autoencoder(epochs=8))
    first, last = events_of(events, EpochDone)[0].metrics, single_event(events, Finished).metrics
    assert set(last) >= {"train_mse", "validation_mse", "test_mse", "test_loss"}
    assert last["validation_mse"] < 0.7 * first["validation_mse"]
    assert last["test_loss"] == pytest.approx(last["test_mse"])
    assert last["test_input_mse"] == 0


def test_noise_is_added_to_the_input_only() -> None:
    project = autoencoder(task_settings={"noise": 0.5})
    compiled = compile_design(project, info_of(project.data))
    objective = create_objective(project.training, compiled)
    clean = torch.randn(64, 1, 8, 8)
    first, again = (
        objective.score(
            Batch({"samples": clean}, None), SINGLE_PHASE[0], torch.Generator().manual_seed(3)
        )
        for _ in range(2)
    )
    assert mean_of(first, "input_mse") == pytest.approx(0.25, rel=0.1)
    assert first.target is clean
    assert torch.equal(first.loss, again.loss)
    filled = objective.fill_inputs(objective.main, {"samples": clean})["samples"]
    assert not torch.equal(filled, clean)
    assert torch.equal(filled, objective.fill_inputs(objective.main, {"samples": clean})["samples"])


def test_wrong_role_and_wrong_shape_are_fixed() -> None:
    for broken, code in (
        (autoencoder(role="class scores"), "missing-output-role"),
        (autoencoder(BOTTLENECK[:-1]), "reconstruction-shape"),
    ):
        (problem,) = check_project(broken, Checker()).problems
        assert problem.code == code
        fixed = apply_repair(broken, problem.repairs[0])
        assert problem_codes(fixed) == []


def test_classification_loss_is_rejected_with_a_fix() -> None:
    project = autoencoder()
    wrong = replace(project, training=replace(project.training, loss="cross-entropy"))
    (problem,) = check_project(wrong, Checker()).problems
    assert problem.code == "loss-mismatch"
    assert problem_codes(apply_repair(wrong, problem.repairs[0])) == []


def test_run_fails_with_the_text_of_the_check() -> None:
    assert refusal_codes(autoencoder(role="value")) == {"missing-output-role"}


def test_samples_pair_inputs_and_reconstructions() -> None:
    project = autoencoder(task_settings={"noise": 0.5})
    objective = create_objective(project.training, compile_design(project, info_of(project.data)))
    clean = torch.randn(9, 1, 8, 8)
    samples = objective.sample(SampleRequest(count=4), Batch({"samples": clean}, None))
    assert samples is not None
    assert samples.form == "pairs"
    assert {name: len(tensor) for name, tensor in samples.tensors.items()} == {
        "given": 4, "made": 4, "wanted": 4,
    }  # fmt: skip
    assert torch.equal(samples.tensors["wanted"], clean[:4])


def objective_and_batch(**training: Any) -> tuple[Objective, Batch]:
    project = autoencoder(**training)
    compiled = compile_design(project, info_of(project.data))
    compiled.module.eval()
    batch = Batch({"samples": torch.randn(6, 1, 8, 8)}, None)
    return create_objective(project.training, compiled), batch


def test_sample_is_decoded_from_its_latent_position() -> None:
    objective, batch = objective_and_batch()
    with torch.no_grad():
        space = objective.latent_space(SampleRequest(), batch)
        reconstructions = objective.main.module(batch.inputs["samples"])
        position = tuple(space.start.tolist())
        same = objective.sample(SampleRequest(latent=position), batch)
        other = objective.sample(SampleRequest(latent=(position[0] + 1, *position[1:])), batch)
    assert len(space.start) < 64
    assert same is not None
    assert other is not None
    torch.testing.assert_close(same.tensors["generated"], reconstructions[:1])
    assert not torch.allclose(other.tensors["generated"], reconstructions[:1])


def test_interpolation_starts_and_ends_at_the_samples() -> None:
    objective, batch = objective_and_batch()
    with torch.no_grad():
        interpolation = objective.sample(SampleRequest(count=5, sampler="interpolation"), batch)
        expected = objective.main.module(batch.inputs["samples"])[:2]
    assert interpolation is not None
    assert interpolation.form == "way"
    torch.testing.assert_close(interpolation.tensors["generated"][[0, -1]], expected)


def test_network_without_a_bottleneck_has_no_latent_space() -> None:
    project = chain([("relu", {})], task="reconstruction", loss="mse")
    nodes = {**project.graph.nodes}
    nodes["output_1"] = replace(nodes["output_1"], settings={"role": "reconstruction"})
    project = replace(project, graph=replace(project.graph, nodes=nodes))
    objective = create_objective(project.training, compile_design(project, info_of(project.data)))
    with pytest.raises(TrainingError, match="no bottleneck"):
        objective.latent_space(SampleRequest(), Batch({"samples": torch.randn(3, 1, 8, 8)}, None))
