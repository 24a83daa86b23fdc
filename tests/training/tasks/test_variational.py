"""Variational autoencoders: loss in nats, sampling, problems and training."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, distributions, fx, nn

from dlstudio.data.core.batches import Batch
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.edits import append_after
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import Binding, Compiled, Component, compile_design
from dlstudio.training.metrics.batch_result import SINGLE_PHASE
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.generative.variational import (
    Variational,
    bernoulli_nats,
    gaussian_nats,
    kl_nats,
)
from dlstudio.training.tasks.registry import create_objective
from tests.training.training_designs import (
    all_losses,
    chain,
    events_of,
    refusal_codes,
    run_training,
    single_event,
)

AUTOENCODER_LAYERS = [
    ("flatten", {}), ("linear", {"out_features": 32}), ("relu", {}),
    ("linear", {"out_features": 3}), ("linear", {"out_features": 32}), ("relu", {}),
    ("linear", {"out_features": 64}), ("reshape", {"shape": (1, 8, 8)}),
]  # fmt: skip
MEAN = "linear_2"


def deterministic_design(
    log_variances: int = 3, layers: Any = AUTOENCODER_LAYERS, **training: Any
) -> Project:
    """Return an autoencoder whose decoder reads the mean, without sampling."""
    project = chain(layers, **{"task": "variational", "loss": "binary", **training})
    project = replace(project, data=replace(project.data, normalise="unit"))
    nodes = dict(project.graph.nodes)
    nodes["output_1"] = replace(nodes["output_1"], settings={"role": "reconstruction"})
    project = replace(project, graph=replace(project.graph, nodes=nodes))
    project, _ = append_after(project, MEAN, "output", {"role": "mean"})
    project, end = append_after(project, "relu_1", "linear", {"out_features": log_variances})
    return append_after(project, end, "output", {"role": "log-variance"})[0]


def build_objective(project: Project) -> Variational:
    compiled = compile_design(project, info_of(project.data))
    objective = create_objective(project.training, compiled)
    assert isinstance(objective, Variational)
    return objective


def problems(project: Project) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_project(project, Checker()).problems}


class Reparameterise(nn.Module):
    """Samples while training, like the layer of a design."""

    def forward(self, mean: Tensor, log_variance: Tensor) -> Tensor:
        if not self.training:
            return mean
        return mean + torch.randn_like(mean) * torch.exp(log_variance / 2)


class SamplingNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.mean, self.log_variance = (
            nn.Linear(6, 5), nn.Linear(5, 2), nn.Linear(5, 2),
        )  # fmt: skip
        self.reparameterise, self.decoder = Reparameterise(), nn.Linear(2, 6)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        hidden = self.encoder(x)
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        return self.decoder(self.reparameterise(mean, log_variance)), mean, log_variance


class Tracer(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return True


def sampling_network(**training: Any) -> tuple[SamplingNetwork, Variational]:
    """Return a network that samples its latent vector, and its objective."""
    torch.manual_seed(0)
    net = SamplingNetwork()
    module = fx.GraphModule(net, Tracer().trace(net))
    outputs = tuple(Binding(role, role) for role in ("reconstruction", "mean", "log-variance"))
    component = Component(module, (Binding("input", "samples"),), outputs)
    settings = replace(deterministic_design().training, **training)
    return net, Variational(settings, Compiled((component,), module))


def test_nats_equal_torch_distributions() -> None:
    scores, clean = torch.randn(5, 1, 3, 3), torch.rand(5, 1, 3, 3).round()
    expected = -distributions.Bernoulli(logits=scores).log_prob(clean).sum((1, 2, 3))
    torch.testing.assert_close(bernoulli_nats(scores, clean, probabilities=False), expected)
    probabilities = torch.sigmoid(scores)
    torch.testing.assert_close(bernoulli_nats(probabilities, clean, probabilities=True), expected)
    normal = -distributions.Normal(scores, 1).log_prob(clean).sum((1, 2, 3))
    constant = 9 * math.log(2 * math.pi) / 2
    torch.testing.assert_close(gaussian_nats(scores, clean) + constant, normal)
    mean, log_variance = torch.randn(5, 4), torch.randn(5, 4)
    posterior = distributions.Normal(mean, torch.exp(log_variance / 2))
    prior = distributions.Normal(torch.zeros(5, 4), torch.ones(5, 4))
    expected = distributions.kl_divergence(posterior, prior).sum(1)
    torch.testing.assert_close(kl_nats(mean, log_variance), expected)


@pytest.mark.parametrize("loss", ["binary", "mse"])
def test_loss_is_nats_plus_beta_times_divergence(loss: str) -> None:
    objective = build_objective(deterministic_design(loss=loss, task_settings={"beta": 4.0}))
    batch = Batch({"samples": torch.rand(16, 1, 8, 8)}, None)
    scored = objective.score(batch, SINGLE_PHASE[0])
    metrics = {name: tensor.item() for name, tensor in scored.metrics.items()}
    assert scored.loss.item() == pytest.approx(
        metrics["reconstruction_nats"] + 4 * metrics["kl_nats"]
    )
    assert metrics["negative_elbo"] == pytest.approx(
        metrics["reconstruction_nats"] + metrics["kl_nats"]
    )


def test_evaluation_samples_the_latent_and_is_deterministic() -> None:
    net, objective = sampling_network()
    objective.main.module.eval()
    samples = torch.rand(4000, 6)
    batch = Batch({"samples": samples}, None)
    before = torch.get_rng_state()
    first, again = (
        objective.evaluate(batch, torch.Generator().manual_seed(3)).loss for _ in range(2)
    )
    assert torch.equal(first, again)
    assert torch.equal(before, torch.get_rng_state())
    net.train()
    sampled = objective.score(batch, SINGLE_PHASE[0]).loss
    assert first.item() == pytest.approx(sampled.item(), abs=0.05)
    net.eval()
    loss_at_mean = objective.score(batch, SINGLE_PHASE[0]).loss
    assert loss_at_mean.item() < first.item() - 0.05


def test_latent_positions_are_decoded() -> None:
    net, objective = sampling_network()
    objective.main.module.eval()
    batch = Batch({"samples": torch.rand(3, 6)}, None)
    (decoded,) = objective.sample(SampleRequest(latent=(0.5, -1.0)), batch).tensors.values()
    torch.testing.assert_close(decoded, torch.sigmoid(net.decoder(torch.tensor([[0.5, -1.0]]))))
    interpolation = objective.sample(SampleRequest(count=5, latent=(0.0, 0.0, 1.0, 2.0)), batch)
    expected = torch.sigmoid(net.decoder(torch.tensor([[0.0, 0.0], [0.25, 0.5], [0.5, 1.0]])))
    torch.testing.assert_close(interpolation.tensors["generated"][:3], expected)
    with pytest.raises(TrainingError, match="2 numbers, not 3"):
        objective.sample(SampleRequest(latent=(1.0, 2.0, 3.0)), batch)


def test_random_samples_depend_only_on_the_seed() -> None:
    _, objective = sampling_network()
    batch = Batch({"samples": torch.rand(3, 6)}, None)
    torch.manual_seed(1)
    first = objective.sample(SampleRequest(seed=4), batch).tensors["generated"]
    second = objective.sample(SampleRequest(seed=4), batch).tensors["generated"]
    other = objective.sample(SampleRequest(seed=5), batch).tensors["generated"]
    assert first.shape == (16, 6)
    assert torch.equal(first, second)
    assert not torch.equal(first, other)
    copied = copy.deepcopy(objective)
    assert torch.equal(copied.sample(SampleRequest(seed=4), batch).tensors["generated"], first)
    with torch.no_grad():
        copied.main.module.get_parameter("decoder.weight").zero_()
    assert copied.decoder is not None
    assert not copied.decoder.module.get_parameter("decoder.weight").any()


def test_decoder_of_a_design_without_sampling_is_found() -> None:
    objective = build_objective(deterministic_design())
    assert objective.decoder is not None
    assert "linear_1" not in objective.decoder.module.state_dict()
    batch = Batch({"samples": torch.rand(3, 1, 8, 8)}, None)
    interpolation = objective.sample(SampleRequest(count=7, sampler="interpolation"), batch)
    ends = objective.sample(SampleRequest(sampler="reconstruction"), batch).tensors["made"]
    torch.testing.assert_close(interpolation.tensors["generated"][0], ends[0])
    torch.testing.assert_close(interpolation.tensors["generated"][-1], ends[1])


def test_unequal_latent_shapes_are_fixed() -> None:
    broken = deterministic_design(log_variances=4)
    problem = problems(broken)["latent-shape"]
    fixed = apply_repair(broken, problem.repairs[0])
    assert set(problems(fixed)) == {"nothing-drawn"}
    assert check_project(fixed, Checker()).ok


def test_swapped_mean_and_log_variance_are_rejected() -> None:
    project = load(example_path("vae-digits"))
    assert "latent-swapped" not in problems(project)
    other = {"mean": "log-variance", "log-variance": "mean"}
    nodes = {
        name: replace(node, settings={**node.settings, "role": other[node.settings["role"]]})
        if node.settings.get("role") in other
        else node
        for name, node in project.graph.nodes.items()
    }
    swapped = replace(project, graph=replace(project.graph, nodes=nodes))
    problem = problems(swapped)["latent-swapped"]
    assert problem.path in project.graph.nodes
    assert "Swap the roles" in problem.text


def test_samples_outside_0_to_1_are_a_problem_of_the_binary_loss() -> None:
    project = deterministic_design()
    standard = replace(project, data=replace(project.data, normalise="standardise"))
    problem = problems(standard)["not-in-0-to-1"]
    assert "not-in-0-to-1" not in problems(apply_repair(standard, problem.repairs[0]))
    squared = replace(standard, training=replace(standard.training, loss="mse"))
    assert "not-in-0-to-1" not in problems(squared)


def test_missing_outputs_are_named() -> None:
    project = replace(chain(AUTOENCODER_LAYERS), training=deterministic_design().training)
    texts = [
        problem.text for problem in check_project(project, Checker()).problems
        if problem.code == "missing-output-role"
    ]  # fmt: skip
    assert len(texts) == 3
    assert any("log-variance" in text for text in texts)
    assert "missing-output-role" in refusal_codes(project)


def test_run_rejects_unequal_latent_shapes() -> None:
    assert refusal_codes(deterministic_design(log_variances=4)) == {"latent-shape"}


@pytest.mark.parametrize("loss", ["binary", "mse"])
def test_digits_are_reconstructed(loss: str) -> None:
    events = run_training(deterministic_design(loss=loss, epochs=8))
    first, last = events_of(events, EpochDone)[0].metrics, single_event(events, Finished).metrics
    assert last["test_negative_elbo"] < 0.8 * first["validation_negative_elbo"]
    assert last["test_loss"] == pytest.approx(
        last["test_reconstruction_nats"] + last["test_kl_nats"]
    )


def test_equal_runs_have_equal_losses() -> None:
    assert all_losses(run_training(deterministic_design(epochs=1))) == all_losses(
        run_training(deterministic_design(epochs=1))
    )
