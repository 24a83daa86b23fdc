"""A network that gives back its input: what it costs, what does not fit, and that it learns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from dlstudio.data.batches import Batch
from dlstudio.data.facts import facts_of
from dlstudio.design.model import Project
from dlstudio.design.repairs import apply_repair
from dlstudio.network.compile import compile_design
from dlstudio.network.inference import Checker
from dlstudio.training.errors import TrainingError
from dlstudio.training.events import EpochDone, Failed, Finished
from dlstudio.training.objective import WHOLE, Objective
from dlstudio.training.readiness import check_project
from dlstudio.training.sampling import SampleRequest
from dlstudio.training.tasks.choose import choose_objective
from tests.training.training_designs import chain, every, follow, only

BOTTLENECK = [
    ("flatten", {}), ("linear", {"out_features": 12}), ("relu", {}),
    ("linear", {"out_features": 64}), ("reshape", {"shape": (1, 8, 8)}),
]  # fmt: skip


def autoencoder(layers: Any = BOTTLENECK, role: str = "reconstruction", **training: Any) -> Project:
    project = chain(layers, task="reconstruction", loss="mse", **training)
    end = project.graph.nodes["output_1"]
    nodes = {**project.graph.nodes, "output_1": replace(end, settings={"role": role})}
    return replace(project, graph=replace(project.graph, nodes=nodes))


def codes(project: Project) -> list[str]:
    return [problem.code for problem in check_project(project, Checker()).problems]


def test_an_autoencoder_learns_to_give_back_digits() -> None:
    events = follow(autoencoder(epochs=8))
    first, last = every(events, EpochDone)[0].metrics, only(events, Finished).metrics
    assert set(last) >= {"train_mse", "validation_mse", "test_mse", "test_loss"}
    assert last["validation_mse"] < 0.7 * first["validation_mse"]
    assert last["test_loss"] == pytest.approx(last["test_mse"])
    assert last["test_input_mse"] == 0


def test_noise_is_added_to_what_goes_in_only() -> None:
    project = autoencoder(task_settings={"noise": 0.5})
    compiled = compile_design(project, facts_of(project.data))
    objective = choose_objective(project.training, compiled)
    clean = torch.randn(64, 1, 8, 8)
    first, again = (
        objective.score(Batch({"samples": clean}, None), WHOLE[0], torch.Generator().manual_seed(3))
        for _ in range(2)
    )
    assert first.figures["input_mse"].item() == pytest.approx(0.25, rel=0.1)
    assert first.target is clean
    assert torch.equal(first.loss, again.loss)
    filled = objective.fill(objective.main, {"samples": clean})["samples"]
    assert not torch.equal(filled, clean)
    assert torch.equal(filled, objective.fill(objective.main, {"samples": clean})["samples"])


def test_the_wrong_role_and_the_wrong_shape_are_mended_by_one_click() -> None:
    for broken, code in (
        (autoencoder(role="class scores"), "missing-output-role"),
        (autoencoder(BOTTLENECK[:-1]), "reconstruction-shape"),
    ):
        (problem,) = check_project(broken, Checker()).problems
        assert problem.code == code
        fixed = apply_repair(broken, problem.repairs[0])
        assert codes(fixed) == []


def test_a_loss_for_classes_is_refused_with_a_remedy() -> None:
    project = autoencoder()
    wrong = replace(project, training=replace(project.training, loss="cross-entropy"))
    (problem,) = check_project(wrong, Checker()).problems
    assert problem.code == "loss-mismatch"
    assert codes(apply_repair(wrong, problem.repairs[0])) == []


def test_the_loop_says_in_words_what_does_not_fit() -> None:
    assert "Output whose role" in only(follow(autoencoder(role="value")), Failed).text


def test_reconstructions_stand_beside_what_went_in() -> None:
    project = autoencoder(task_settings={"noise": 0.5})
    objective = choose_objective(project.training, compile_design(project, facts_of(project.data)))
    clean = torch.randn(9, 1, 8, 8)
    samples = objective.sample(SampleRequest(count=4), Batch({"samples": clean}, None))
    assert samples is not None
    assert samples.form == "pairs"
    assert {name: len(tensor) for name, tensor in samples.tensors.items()} == {
        "given": 4, "made": 4, "wanted": 4,
    }  # fmt: skip
    assert torch.equal(samples.tensors["wanted"], clean[:4])


def rebuilder(**training: Any) -> tuple[Objective, Batch]:
    project = autoencoder(**training)
    compiled = compile_design(project, facts_of(project.data))
    compiled.module.eval()
    batch = Batch({"samples": torch.randn(6, 1, 8, 8)}, None)
    return choose_objective(project.training, compiled), batch


def test_a_sample_is_decoded_from_where_it_lies_and_moved_from_there() -> None:
    objective, batch = rebuilder()
    with torch.no_grad():
        space = objective.latent(SampleRequest(), batch)
        whole = objective.main.module(batch.inputs["samples"])
        position = tuple(space.start.tolist())
        same = objective.sample(SampleRequest(latent=position), batch)
        other = objective.sample(SampleRequest(latent=(position[0] + 1, *position[1:])), batch)
    assert len(space.start) < 64
    assert same is not None
    assert other is not None
    torch.testing.assert_close(same.tensors["generated"], whole[:1])
    assert not torch.allclose(other.tensors["generated"], whole[:1])


def test_a_way_between_two_samples_begins_and_ends_with_them() -> None:
    objective, batch = rebuilder()
    with torch.no_grad():
        interpolation = objective.sample(SampleRequest(count=5, sampler="interpolation"), batch)
        whole = objective.main.module(batch.inputs["samples"])
    assert interpolation is not None
    assert interpolation.form == "way"
    torch.testing.assert_close(interpolation.tensors["generated"][[0, -1]], whole[:2])


def test_without_a_bottleneck_it_is_said_that_nothing_can_be_moved() -> None:
    project = chain([("relu", {})], task="reconstruction", loss="mse")
    nodes = {**project.graph.nodes}
    nodes["output_1"] = replace(nodes["output_1"], settings={"role": "reconstruction"})
    project = replace(project, graph=replace(project.graph, nodes=nodes))
    objective = choose_objective(project.training, compile_design(project, facts_of(project.data)))
    with pytest.raises(TrainingError, match="no narrow place"):
        objective.latent(SampleRequest(), Batch({"samples": torch.randn(3, 1, 8, 8)}, None))
