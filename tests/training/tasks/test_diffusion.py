"""Diffusion models: noise schedules, samplers, problems and training."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Severity
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.metrics.batch_result import SINGLE_PHASE
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import EpochDone, Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.core.class_conditioning import randn
from dlstudio.training.tasks.generative import diffusion
from dlstudio.training.tasks.generative.diffusion import Diffusion
from dlstudio.training.tasks.generative.noise_schedule import NoiseSchedule, betas
from tests.training.generative_designs import diffusion_design
from tests.training.training_designs import events_of, refusal_codes, run_training, single_event


def build_objective(project: Project) -> Diffusion:
    return Diffusion(project.training, compile_design(project, info_of(project.data)))


def problems(project: Project) -> tuple[Problem, ...]:
    return check_project(project, Checker()).problems


def batch(count: int = 12) -> Batch:
    return Batch({"samples": torch.randn(count, 2)}, torch.arange(count) % 2)


def test_linear_schedule_of_ho() -> None:
    variances = betas("linear", 1000)
    assert (variances[0].item(), variances[-1].item()) == pytest.approx((1e-4, 0.02))
    assert torch.allclose(variances.diff(), variances.diff()[0], atol=1e-12)
    alpha_bar = NoiseSchedule("linear", 1000, "noise").alpha_bars
    assert alpha_bar[-1] == pytest.approx(4.0358e-5, rel=1e-4)
    shorter = NoiseSchedule("linear", 100, "noise").alpha_bars[-1]
    assert math.log(shorter) == pytest.approx(math.log(alpha_bar[-1]), rel=0.1)


def test_cosine_schedule_of_nichol() -> None:
    steps = 1000
    alpha_bar = NoiseSchedule("cosine", steps, "noise").alpha_bars

    def expected(step: float) -> float:
        return math.cos((step / steps + 0.008) / 1.008 * math.pi / 2) ** 2

    for time in (0, 1, 250, 500, 900, 990):
        assert alpha_bar[time] == pytest.approx(expected(time + 1) / expected(0), rel=1e-9)
    assert betas("cosine", steps)[-1].item() == 0.999
    assert betas("cosine", steps).max() <= 0.999


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
def test_noisy_samples_have_the_mean_and_deviation_of_q(schedule: str) -> None:
    """Iterating x_t = √(1 − β_t) x_(t−1) + √β_t ε gives the same as the closed form."""
    torch.manual_seed(2)
    steps, clean = 40, torch.full((40_000, 1), 1.5)
    noise_schedule = NoiseSchedule(schedule, steps, "noise")
    iterated = clean
    for time, beta in enumerate(betas(schedule, steps).tolist()):
        iterated = math.sqrt(1 - beta) * iterated + math.sqrt(beta) * torch.randn_like(iterated)
        if time in (3, 20, steps - 1):
            times = torch.full((len(clean),), time)
            direct = noise_schedule.add_noise(clean, torch.randn_like(clean), times)
            alpha_bar = noise_schedule.alpha_bars[time]
            for samples in (iterated, direct):
                assert samples.mean().item() == pytest.approx(1.5 * math.sqrt(alpha_bar), abs=0.03)
                assert samples.std().item() == pytest.approx(math.sqrt(1 - alpha_bar), abs=0.03)


@pytest.mark.parametrize("predicts", ["noise", "v"])
def test_perfect_prediction_recovers_noise_and_sample(predicts: str) -> None:
    noise_schedule = NoiseSchedule("cosine", 30, predicts)
    clean, noise = torch.randn(6, 3), torch.randn(6, 3)
    for time in (0, 12, 25):
        times = torch.full((6,), time)
        noisy = noise_schedule.add_noise(clean, noise, times)
        estimate = noise_schedule.estimate(noise_schedule.target(clean, noise, times), noisy, time)
        assert torch.allclose(estimate.noise, noise, atol=1e-4)
        assert torch.allclose(estimate.clean, clean, atol=1e-4)


def test_full_denoise_step_is_the_posterior_of_ho() -> None:
    """μ̃ = √ᾱ_(t−1) β / (1 − ᾱ) x_0 + √α (1 − ᾱ_(t−1)) / (1 − ᾱ) x_t, β̃; equation 7."""
    noise_schedule, time = NoiseSchedule("linear", 50, "noise"), 30
    clean, noise = torch.randn(5, 2).double(), torch.randn(5, 2).double()
    alpha_bar, previous_alpha_bar = (
        noise_schedule.alpha_bars[time],
        noise_schedule.alpha_bars[time - 1],
    )
    beta = betas("linear", 50)[time].item()
    noisy = math.sqrt(alpha_bar) * clean + math.sqrt(1 - alpha_bar) * noise
    estimate = noise_schedule.estimate(noise, noisy, time)
    mean = noise_schedule.denoise_step(estimate, time, time - 1, torch.zeros_like(clean))
    expected = (
        math.sqrt(previous_alpha_bar) * beta / (1 - alpha_bar) * clean
        + math.sqrt(1 - beta) * (1 - previous_alpha_bar) / (1 - alpha_bar) * noisy
    )
    assert torch.allclose(mean, expected)
    shifted = noise_schedule.denoise_step(estimate, time, time - 1, torch.ones_like(clean)) - mean
    assert shifted[0, 0].item() == pytest.approx(
        math.sqrt((1 - previous_alpha_bar) / (1 - alpha_bar) * beta)
    )


def predict_perfectly(model: Diffusion, point: Tensor) -> None:
    """Replace the prediction by the exact one for data of a single point."""

    def predict(noisy: Tensor, times: Tensor, *_: object) -> Tensor:
        alpha_bar = torch.tensor(model.noise_schedule.alpha_bars)[times].unsqueeze(1)
        return (noisy - alpha_bar.sqrt() * point) / (1 - alpha_bar).sqrt()

    model._predict = predict  # type: ignore[method-assign]


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
@pytest.mark.parametrize(("sampler", "steps"), [("ddim", 0), ("ddim", 4), ("ddpm", 0), ("ddpm", 7)])
@torch.no_grad()
def test_every_sampler_with_perfect_predictions_generates_the_data(
    sampler: str, steps: int, schedule: str
) -> None:
    model = build_objective(
        diffusion_design(task_settings={"steps": 1000, "schedule": schedule}, entries=1000)
    )
    point = torch.tensor([0.7, -1.2])
    predict_perfectly(model, point)
    request = SampleRequest(count=3, sampler=sampler, steps=steps)
    samples = model.sample(request, batch()).tensors["generated"]
    assert torch.allclose(samples, point.expand(3, 2), atol=1e-3)


@pytest.mark.parametrize("sampler", ["ddim", "ddpm"])
def test_ddim_draws_noise_once_and_ddpm_every_step(
    sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, data, calls = build_objective(diffusion_design()), batch(), []

    def counting_normal(*arguments: Any) -> Tensor:
        calls.append(arguments)
        return randn(*arguments)

    monkeypatch.setattr(diffusion, "randn", counting_normal)
    request = SampleRequest(seed=3, count=4, sampler=sampler)
    first = model.sample(request, data).tensors["generated"]
    assert len(calls) == (
        1 if sampler == "ddim" else len(model.noise_schedule.sampling_timesteps(20))
    )
    assert torch.equal(first, model.sample(request, data).tensors["generated"])
    other = model.sample(SampleRequest(seed=4, count=4, sampler=sampler), data)
    assert not torch.equal(first, other.tensors["generated"])


def test_interpolation_starts_and_ends_at_the_samples_of_the_seeds() -> None:
    model = build_objective(diffusion_design())
    interpolation = model.sample(
        SampleRequest(count=6, sampler="interpolation", start=3, end=8), batch()
    )
    assert interpolation.form == "way"
    samples = interpolation.tensors["generated"]
    ends = [model.sample(SampleRequest(seed=seed, count=1), batch()) for seed in (3, 8)]
    expected = torch.cat([result.tensors["generated"] for result in ends])
    torch.testing.assert_close(samples[[0, -1]], expected)
    assert len({tuple(row.tolist()) for row in samples}) == 6
    other = SampleRequest(seed=5, count=6, sampler="interpolation", start=3, end=8)
    assert torch.equal(samples, model.sample(other, batch()).tensors["generated"])


@pytest.mark.parametrize(("guidance", "expected"), [(0.0, [0, 0, 0]), (1.0, [1, 1, 1])])
def test_interpolation_keeps_the_class(guidance: float, expected: list[int]) -> None:
    settings = {"steps": 20, "label_dropout": 0.5, "guidance": guidance}
    model = build_objective(diffusion_design(labels=3, task_settings=settings))
    labels = model._requested_labels(SampleRequest(count=3, sampler="interpolation"), batch(2))
    assert labels["labels"].tolist() == expected


def test_unknown_sampler_is_rejected() -> None:
    with pytest.raises(TrainingError, match="ddim, ddpm"):
        build_objective(diffusion_design()).sample(SampleRequest(sampler="magic"), batch())


def test_sampling_timesteps_end_at_zero_and_start_with_some_signal() -> None:
    assert NoiseSchedule("linear", 1000, "noise").sampling_timesteps(1000) == list(
        range(999, -1, -1)
    )
    cosine = NoiseSchedule("cosine", 1000, "noise")
    timesteps = cosine.sampling_timesteps(50)
    assert timesteps == sorted(set(timesteps), reverse=True)
    assert (len(timesteps), timesteps[-1]) == (50, 0)
    assert 985 < timesteps[0] < 999
    assert cosine.sampling_timesteps(1) == [timesteps[0]]


def test_loss_is_the_squared_error_of_the_noise() -> None:
    model, data = build_objective(diffusion_design()), batch()
    scored = model.score(data, SINGLE_PHASE[0], torch.Generator().manual_seed(4))
    generator = torch.Generator().manual_seed(4)
    times = torch.randint(20, (12,), generator=generator)
    noise = torch.empty(12, 2).normal_(generator=generator)
    noisy = model.noise_schedule.add_noise(data.inputs["samples"], noise, times)
    inputs = {"samples": noisy, "time step": times}
    prediction = model.main.module(*(inputs[binding.role] for binding in model.main.inputs))
    assert torch.equal(scored.loss, torch.nn.functional.mse_loss(prediction, noise))


def test_label_dropout_hides_classes_and_guidance_combines_predictions() -> None:
    settings = {"steps": 20, "label_dropout": 0.5, "guidance": 2.0}
    model = build_objective(diffusion_design(labels=3, task_settings=settings))
    indices: list[Tensor] = []
    table = model.compiled.module.get_submodule("embedding_2")
    hook = table.register_forward_pre_hook(lambda _, inputs: indices.append(inputs[0]))
    model.score(batch(1000), SINGLE_PHASE[0], torch.Generator().manual_seed(1))
    assert (indices[0] == 0).float().mean().item() == pytest.approx(0.5, abs=0.06)
    kept = indices[0] != 0
    assert torch.equal(indices[0][kept], (torch.arange(1000) % 2 + 1)[kept])
    hook.remove()
    noisy, times = torch.randn(4, 2), torch.full((4,), 9)
    labels, no_labels = (
        {"labels": torch.full((4,), 2)},
        {"labels": torch.zeros(4, dtype=torch.int64)},
    )
    conditional, unconditional = (
        model._predict(noisy, times, condition, {}) for condition in (labels, no_labels)
    )
    assert torch.allclose(
        model._predict_guided(noisy, 9, labels), conditional + 2 * (conditional - unconditional)
    )


@pytest.mark.parametrize(("guidance", "expected"), [(0.0, [0, 0, 0]), (1.0, [1, 2, 1])])
def test_guidance_without_a_class_uses_the_labels_of_the_batch(
    guidance: float, expected: list[int]
) -> None:
    settings = {"steps": 20, "label_dropout": 0.5, "guidance": guidance}
    model = build_objective(diffusion_design(labels=3, task_settings=settings))
    labels = model._requested_labels(SampleRequest(count=3), batch(2))
    assert labels["labels"].tolist() == expected


def test_fill_inputs_is_deterministic() -> None:
    model, clean = build_objective(diffusion_design(labels=2)), torch.randn(3, 2)
    inputs = [model.fill_inputs(model.main, {"samples": clean}) for _ in range(2)]
    assert torch.equal(inputs[0]["samples"], inputs[1]["samples"])
    assert not torch.equal(inputs[0]["samples"], clean)
    assert inputs[0]["time step"].tolist() == [10, 10, 10]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (diffusion_design(("linear", {"out_features": 5})), "noise-shape"),
        (diffusion_design(role="value"), "missing-output-role"),
        (diffusion_design(entries=10), "table-size"),
        (diffusion_design(labels=1), "table-size"),
        (
            diffusion_design(labels=2, task_settings={"steps": 20, "label_dropout": 0.1}),
            "table-size",
        ),
        (diffusion_design(loss="l1"), "loss-mismatch"),
        (diffusion_design(task_settings={"steps": 1}, entries=1000), "bad-training-setting"),
    ],
)
def test_first_fix_resolves_the_problem(broken: Project, code: str) -> None:
    (problem,) = problems(broken)
    assert problem.code == code
    assert problems(apply_repair(broken, problem.repairs[0])) == ()


@pytest.mark.parametrize(
    ("labels", "settings", "expected"),
    [
        (3, {"guidance": 2.0}, {"guidance": 2.0, "label_dropout": 0.1}),
        (0, {"guidance": 2.0}, {"guidance": 0.0}),
        (0, {"label_dropout": 0.2}, {"label_dropout": 0.0, "guidance": 0.0}),
        (0, {"label_dropout": 0.2, "guidance": 1.0}, {"label_dropout": 0.0, "guidance": 0.0}),
    ],
)
def test_ineffective_settings_are_warnings(
    labels: int, settings: dict[str, float], expected: dict[str, float]
) -> None:
    project = diffusion_design(labels=labels, task_settings={"steps": 20, **settings})
    (problem,) = problems(project)
    assert (problem.code, problem.severity) == ("idle-setting", Severity.WARNING)
    fixed = apply_repair(project, problem.repairs[0])
    assert fixed.training.task_settings == {"steps": 20, **expected}
    assert problems(fixed) == ()


def test_guidance_with_label_dropout_has_no_warning() -> None:
    settings = {"steps": 20, "label_dropout": 0.2, "guidance": 1.0}
    assert problems(diffusion_design(labels=3, task_settings=settings)) == ()


def test_missing_time_step_input_is_added() -> None:
    (problem,) = problems(diffusion_design(time_input=False))
    assert problem.code == "missing-input-role"
    fixed = apply_repair(diffusion_design(time_input=False), problem.repairs[0])
    assert problem.code not in [problem.code for problem in problems(fixed)]


def test_run_fails_with_the_text_of_the_check() -> None:
    assert refusal_codes(diffusion_design(time_input=False)) == {"missing-input-role"}
    broken = diffusion_design(("linear", {"out_features": 5}))
    assert refusal_codes(broken) == {"noise-shape"}


def test_network_learns_to_predict_noise() -> None:
    events = run_training(diffusion_design(epochs=40, labels=2))
    first, last = events_of(events, EpochDone)[0].metrics, single_event(events, Finished).metrics
    assert last["validation_loss"] < 0.75 * first["validation_loss"]
