"""Generative adversarial networks: losses, phases, problems and samples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.training_settings import (
    AUTOMATIC,
    EarlyStopping,
    ParameterGroup,
    Schedule,
    TrainingSettings,
)
from dlstudio.design.model.values import Ref
from dlstudio.gui.training.training_form_rows import with_task
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import load_weights
from dlstudio.training.metrics.batch_result import Phase
from dlstudio.training.metrics.phase_metrics import PhaseMetrics
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.events import Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.generative.adversarial import Adversarial
from dlstudio.training.tasks.generative.gan_losses import LeastSquares, NonSaturating, Wasserstein
from tests.training.generative_designs import ONE, conditional_gan_design, gan_design
from tests.training.storage.test_resume import assert_resumed_equal
from tests.training.training_designs import (
    mean_of,
    refusal_codes,
    run_training,
    share_of,
    single_event,
)

GROUPS = TASKS["adversarial"].groups
LOSSES = ("standard", "least-squares", "wasserstein")


def build_objective(project: Project) -> Adversarial:
    return Adversarial(project.training, compile_design(project, info_of(project.data)))


def problems(project: Project) -> tuple[Problem, ...]:
    return check_project(project, Checker()).problems


def batch(count: int = 12) -> Batch:
    return Batch({"samples": torch.randn(count, 2)}, torch.arange(count) % 8)


def test_standard_losses_are_cross_entropies() -> None:
    real, fake = torch.randn(9), torch.randn(9)
    entropy = functional.binary_cross_entropy_with_logits
    ones, zeros = torch.ones(9), torch.zeros(9)
    expected = entropy(real, ones) + entropy(fake, zeros)
    assert NonSaturating().discriminator(real, fake).item() == pytest.approx(expected.item())
    assert NonSaturating().generator(fake).item() == pytest.approx(entropy(fake, ones).item())


def test_least_squares_losses_are_half_the_squared_errors() -> None:
    real, fake = torch.randn(9), torch.randn(9)
    ones, zeros = torch.ones(9), torch.zeros(9)
    expected = functional.mse_loss(real, ones) / 2 + functional.mse_loss(fake, zeros) / 2
    assert LeastSquares().discriminator(real, fake).item() == pytest.approx(expected.item())
    expected = functional.mse_loss(fake, ones) / 2
    assert LeastSquares().generator(fake).item() == pytest.approx(expected.item())


def test_gradient_penalty_equals_that_of_a_linear_critic() -> None:
    """The gradient of a linear critic is its weight everywhere."""
    weight = torch.tensor([3.0, 4.0], requires_grad=True)
    real, fake = torch.randn(7, 2), torch.randn(7, 2)
    penalty = Wasserstein(10.0).penalty(lambda x: x @ weight, real, fake, None)
    assert penalty is not None
    assert penalty.item() == pytest.approx(10 * (5 - 1) ** 2)
    penalty.backward()
    assert weight.grad is not None
    assert torch.allclose(weight.grad, 20 * (5 - 1) * weight.detach() / 5)
    assert Wasserstein(0.0).penalty(lambda x: x @ weight, real, fake, None) is None


def test_generator_trains_every_kth_step() -> None:
    gan = build_objective(gan_design(task_settings={"discriminator_steps": 3}))
    phases = [[phase.name for phase in gan.phases(step)] for step in range(6)]
    assert phases[:2] == [["discriminator"]] * 2
    assert phases[2] == phases[5] == ["discriminator", "generator"]
    assert [phase.groups for phase in gan.phases(2)] == [frozenset({1}), frozenset({0})]


@pytest.mark.parametrize("loss", LOSSES)
def test_phase_updates_its_own_network_only(loss: str) -> None:
    gan = build_objective(gan_design(loss=loss))
    for phase, role in zip(gan.phases(0), ("realness", "generated sample"), strict=True):
        gan.compiled.module.zero_grad()
        gan.score(batch(), phase).loss.backward(
            inputs=list(gan.compiled.component_with_output(role).module.parameters())
        )
        for network in gan.compiled.components:
            roles = {binding.role for binding in network.outputs}
            gradients = [parameter.grad is not None for parameter in network.module.parameters()]
            assert all(gradients) if role in roles else not any(gradients)


def test_discriminator_loss_equals_the_formula() -> None:
    gan, data = build_objective(gan_design()), batch()
    scored = gan.score(data, Phase("discriminator"), torch.Generator().manual_seed(4))
    generator, discriminator = (
        gan.compiled.component_with_output(role) for role in ("generated sample", "realness")
    )
    noise = torch.empty(12, 4).normal_(generator=torch.Generator().manual_seed(4))
    real = discriminator.module(data.inputs["samples"])[:, 0]
    fake = discriminator.module(generator.module(noise))[:, 0]
    assert torch.equal(scored.loss, NonSaturating().discriminator(real, fake))
    assert share_of(scored, "real_accuracy") == pytest.approx((real > 0).double().mean().item())
    evaluated = gan.evaluate(data, torch.Generator().manual_seed(4))
    assert evaluated.loss.item() == pytest.approx(scored.loss.item())
    assert mean_of(evaluated, "generator_loss") == pytest.approx(
        NonSaturating().generator(fake).item()
    )


def test_metric_is_the_mean_over_its_phases() -> None:
    gan = build_objective(gan_design(task_settings={"discriminator_steps": 2}))
    accumulator = gan.create_metrics(torch.device("cpu"))
    losses: dict[str, list[float]] = {"discriminator": [], "generator": []}
    for step in range(4):
        for phase in gan.phases(step):
            scored = gan.score(batch(), phase)
            losses[phase.name].append(scored.loss.item())
            accumulator.update(scored)
    loaded = PhaseMetrics(torch.device("cpu"), gan.metric_names, "discriminator_loss")
    loaded.load(accumulator.tensors())
    metrics = loaded.compute()
    assert metrics == accumulator.compute()
    for name, values in losses.items():
        assert metrics[f"{name}_loss"] == pytest.approx(sum(values) / len(values))
    assert metrics["loss"] == metrics["discriminator_loss"]


@pytest.mark.parametrize("loss", LOSSES)
def test_resumed_gan_run_is_bit_equal(loss: str, tmp_path: Path) -> None:
    settings = {"discriminator_steps": 2, "average": 0.9}
    assert_resumed_equal(gan_design(loss=loss, epochs=3, task_settings=settings), tmp_path, (2, 5))


def test_samples_approach_the_data(tmp_path: Path) -> None:
    fast = tuple(
        replace(group, optimiser=replace(group.optimiser, learning_rate=5e-3)) for group in GROUPS
    )
    project = gan_design(
        loss="wasserstein", loss_settings={"penalty": 0.5}, epochs=100, groups=fast
    )
    finished = single_event(run_training(project, run_dir=str(tmp_path)), Finished)
    assert set(finished.metrics) >= {"train_generator_loss", "validation_distance", "test_loss"}
    angles = torch.arange(8) * torch.pi / 4
    clusters = torch.stack([angles.cos(), angles.sin()], 1) * 2**0.5
    gan, distances = build_objective(project), []
    for file in ("", finished.weights_file):
        if file:
            load_weights(gan.compiled.module, file)
        points = gan.sample(SampleRequest(count=500), batch()).tensors["generated"]
        distances.append(torch.cdist(points, clusters).amin(1).mean().item())
    assert distances[1] < 0.7 * distances[0]


def test_latent_position_fixes_the_sample() -> None:
    gan = build_objective(gan_design())
    noise = torch.zeros(3, 4)
    noise[:, 0], noise[:, 1] = 0.5, -2.0
    request = SampleRequest(count=3, latent=(0.5, -2.0))
    expected = gan.main.module(noise)
    assert torch.equal(gan.sample(request, batch()).tensors["generated"], expected)
    first, again, other = (
        gan.sample(SampleRequest(seed=seed, count=5), batch()).tensors["generated"]
        for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_both_networks_receive_the_class() -> None:
    project = conditional_gan_design()
    assert problems(project) == ()
    gan = build_objective(project)
    one_class = gan.sample(SampleRequest(count=4, label=7), batch()).tensors["generated"]
    any_class = gan.sample(SampleRequest(count=4), batch()).tensors["generated"]
    assert not torch.equal(one_class, any_class)
    single_event(run_training(project), Finished)


def test_fill_inputs_is_deterministic() -> None:
    gan = build_objective(conditional_gan_design())
    inputs = [gan.fill_inputs(gan.main, {"samples": torch.randn(3, 2)}) for _ in range(2)]
    assert torch.equal(inputs[0]["noise"], inputs[1]["noise"])
    assert inputs[0]["noise"].shape == (3, 4)
    assert inputs[0]["labels"].tolist() == [0, 0, 0]


LINEAR = ("linear", {"out_features": 16})


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (gan_design([LINEAR]), "generated-shape"),
        (gan_design(discriminator=[LINEAR]), "realness-size"),
        (gan_design(noise="samples"), "missing-input-role"),
        (gan_design(groups=(ParameterGroup(),)), "groups"),
        (gan_design(groups=GROUPS[:1]), "groups"),
        (gan_design(loss="mse"), "loss-mismatch"),
        (gan_design(discriminator=[ONE, ("sigmoid", {})]), "sigmoid-before-raw-loss"),
        (
            gan_design(discriminator=[LINEAR, ("batch_norm1d", {}), ONE], loss="wasserstein"),
            "norm-under-penalty",
        ),
        (gan_design(early_stopping=EarlyStopping(enabled=True)), "not-judged"),
        (
            gan_design(
                groups=tuple(replace(group, schedule=Schedule("plateau")) for group in GROUPS)
            ),
            "not-judged",
        ),
    ],
)
def test_first_fix_resolves_the_problem(broken: Project, code: str) -> None:
    (problem,) = problems(broken)
    assert problem.code == code
    assert problems(apply_repair(broken, problem.repairs[0])) == ()


def test_fix_reshapes_generated_images() -> None:
    def image_gan(last: int) -> Project:
        generator = [
            ("linear", {"out_features": last * 64}),
            ("reshape", {"shape": (last, 8, 8)}),
        ]
        project = gan_design(generator, [("flatten", {}), ONE])
        return replace(project, data=replace(project.data, source="digits", options={}))

    assert problems(image_gan(1)) == ()
    (problem,) = problems(image_gan(3))
    assert problem.code == "generated-shape"
    assert problems(apply_repair(image_gan(3), problem.repairs[0])) == ()


def test_labels_need_classes() -> None:
    project = conditional_gan_design()
    project = replace(project, data=replace(project.data, source="diabetes", options={}))
    assert "no-labels" in [problem.code for problem in problems(project)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"groups": (ParameterGroup(),)}, "groups"),
        ({"groups": GROUPS[:1]}, "groups"),
        ({"early_stopping": EarlyStopping(enabled=True)}, "not-judged"),
        ({"loss": "mse"}, "loss-mismatch"),
        ({"generator": [LINEAR]}, "generated-shape"),
        ({"discriminator": [LINEAR]}, "realness-size"),
    ],
)
def test_run_fails_with_the_text_of_the_check(changes: dict[str, Any], code: str) -> None:
    assert code in refusal_codes(gan_design(**changes))


def test_task_change_creates_and_removes_its_groups() -> None:
    plain = TrainingSettings()
    chosen = with_task(plain, "adversarial")
    assert chosen.groups == GROUPS
    assert [group.name for group in chosen.groups] == ["generator", "discriminator"]
    assert chosen.groups[0].optimiser.learning_rate == 2e-4
    assert chosen.groups[0].optimiser.settings == {"beta1": 0.5, "beta2": 0.999}
    assert chosen.loss == "standard"
    own_groups = tuple(replace(group, factor=0.5) for group in GROUPS)
    assert with_task(replace(plain, groups=own_groups), "adversarial").groups == own_groups
    assert with_task(chosen, "classification").groups == AUTOMATIC.groups
    assert with_task(replace(plain, groups=own_groups), "regression").groups == own_groups


def test_latent_axes_are_ordered_by_effect() -> None:
    gan = build_objective(gan_design([("linear", {"out_features": Ref("features")})]))
    with torch.no_grad():
        gan.main.module.get_parameter("linear_1.weight").copy_(
            torch.tensor([[0.1, 3.0, 0.0, 1.0], [0.1, 3.0, 0.0, 1.0]])
        )
        space = gan.latent_space(SampleRequest(seed=2), batch())
        decoded = gan.sample(SampleRequest(count=1, latent=tuple(space.start.tolist())), batch())
        first = gan.sample(SampleRequest(seed=2, count=1), batch())
    assert space.order.tolist() == [1, 3, 0, 2]
    torch.testing.assert_close(decoded.tensors["generated"], first.tensors["generated"])


def test_interpolation_starts_and_ends_at_the_samples_of_the_seeds() -> None:
    gan = build_objective(gan_design())
    request = SampleRequest(count=6, sampler="interpolation", start=3, end=8)
    interpolation = gan.sample(request, batch())
    assert interpolation.form == "way"
    endpoints = [gan.sample(SampleRequest(seed=seed, count=1), batch()) for seed in (3, 8)]
    expected = torch.cat([samples.tensors["generated"] for samples in endpoints])
    torch.testing.assert_close(interpolation.tensors["generated"][[0, -1]], expected)
