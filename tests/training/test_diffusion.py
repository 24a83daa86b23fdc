"""Into noise and back: the schedules' formulas, the samplers, what does not fit, what is learnt."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from dlstudio.data.batches import Batch
from dlstudio.data.facts import facts_of
from dlstudio.design.model import Project
from dlstudio.design.problems import Problem, Severity
from dlstudio.design.repairs import apply_repair
from dlstudio.network.compile import compile_design
from dlstudio.network.inference import Checker
from dlstudio.training.errors import TrainingError
from dlstudio.training.events import EpochDone, Failed, Finished
from dlstudio.training.objective import WHOLE
from dlstudio.training.readiness import check_project
from dlstudio.training.sampling import SampleRequest
from dlstudio.training.tasks import diffusion
from dlstudio.training.tasks.conditions import normal
from dlstudio.training.tasks.diffusion import Diffusion
from dlstudio.training.tasks.noising import Noising, betas
from tests.training.generating_designs import denoiser
from tests.training.training_designs import every, follow, only


def objective(project: Project) -> Diffusion:
    return Diffusion(project.training, compile_design(project, facts_of(project.data)))


def problems(project: Project) -> tuple[Problem, ...]:
    return check_project(project, Checker()).problems


def batch(count: int = 12) -> Batch:
    return Batch({"samples": torch.randn(count, 2)}, torch.arange(count) % 2)


def test_the_linear_schedule_is_hos() -> None:
    variances = betas("linear", 1000)
    assert (variances[0].item(), variances[-1].item()) == pytest.approx((1e-4, 0.02))
    assert torch.allclose(variances.diff(), variances.diff()[0], atol=1e-12)
    alpha_bar = Noising("linear", 1000, "noise").left
    assert alpha_bar[-1] == pytest.approx(4.0358e-5, rel=1e-4)
    shorter = Noising("linear", 100, "noise").left[-1]
    assert math.log(shorter) == pytest.approx(math.log(alpha_bar[-1]), rel=0.1)


def test_the_cosine_schedule_is_nichols() -> None:
    steps = 1000
    alpha_bar = Noising("cosine", steps, "noise").left

    def expected(step: float) -> float:
        return math.cos((step / steps + 0.008) / 1.008 * math.pi / 2) ** 2

    for time in (0, 1, 250, 500, 900, 990):
        assert alpha_bar[time] == pytest.approx(expected(time + 1) / expected(0), rel=1e-9)
    assert betas("cosine", steps)[-1].item() == 0.999
    assert betas("cosine", steps).max() <= 0.999


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
def test_noisy_samples_have_the_mean_and_spread_of_q(schedule: str) -> None:
    """Step by step, x_t = √(1 − β_t) x_(t−1) + √β_t ε gives the same as the closed form."""
    torch.manual_seed(2)
    steps, clean = 40, torch.full((40_000, 1), 1.5)
    noising = Noising(schedule, steps, "noise")
    iterated = clean
    for time, beta in enumerate(betas(schedule, steps).tolist()):
        iterated = math.sqrt(1 - beta) * iterated + math.sqrt(beta) * torch.randn_like(iterated)
        if time in (3, 20, steps - 1):
            times = torch.full((len(clean),), time)
            direct = noising.noisy(clean, torch.randn_like(clean), times)
            alpha_bar = noising.left[time]
            for samples in (iterated, direct):
                assert samples.mean().item() == pytest.approx(1.5 * math.sqrt(alpha_bar), abs=0.03)
                assert samples.std().item() == pytest.approx(math.sqrt(1 - alpha_bar), abs=0.03)


@pytest.mark.parametrize("predicts", ["noise", "v"])
def test_a_perfect_answer_gives_noise_and_sample_back(predicts: str) -> None:
    noising = Noising("cosine", 30, predicts)
    clean, noise = torch.randn(6, 3), torch.randn(6, 3)
    for time in (0, 12, 25):
        times = torch.full((6,), time)
        noisy = noising.noisy(clean, noise, times)
        estimate = noising.estimate(noising.target(clean, noise, times), noisy, time)
        assert torch.allclose(estimate.noise, noise, atol=1e-4)
        assert torch.allclose(estimate.clean, clean, atol=1e-4)


def test_a_full_step_back_is_hos_posterior() -> None:
    """μ̃ = √ᾱ_(t−1) β / (1 − ᾱ) x_0 + √α (1 − ᾱ_(t−1)) / (1 − ᾱ) x_t, β̃; equation 7."""
    noising, time = Noising("linear", 50, "noise"), 30
    clean, noise = torch.randn(5, 2).double(), torch.randn(5, 2).double()
    alpha_bar, previous_alpha_bar = noising.left[time], noising.left[time - 1]
    beta = betas("linear", 50)[time].item()
    noisy = math.sqrt(alpha_bar) * clean + math.sqrt(1 - alpha_bar) * noise
    estimate = noising.estimate(noise, noisy, time)
    mean = noising.back(estimate, time, time - 1, torch.zeros_like(clean))
    expected = (
        math.sqrt(previous_alpha_bar) * beta / (1 - alpha_bar) * clean
        + math.sqrt(1 - beta) * (1 - previous_alpha_bar) / (1 - alpha_bar) * noisy
    )
    assert torch.allclose(mean, expected)
    shifted = noising.back(estimate, time, time - 1, torch.ones_like(clean)) - mean
    assert shifted[0, 0].item() == pytest.approx(
        math.sqrt((1 - previous_alpha_bar) / (1 - alpha_bar) * beta)
    )


def perfect(made: Diffusion, point: Tensor) -> None:
    """Let the network know that all data is one point."""

    def predict(noisy: Tensor, times: Tensor, *_: object) -> Tensor:
        alpha_bar = torch.tensor(made.noising.left)[times].unsqueeze(1)
        return (noisy - alpha_bar.sqrt() * point) / (1 - alpha_bar).sqrt()

    made._tell = predict  # type: ignore[method-assign]


@pytest.mark.parametrize("schedule", ["linear", "cosine"])
@pytest.mark.parametrize(("sampler", "steps"), [("ddim", 0), ("ddim", 4), ("ddpm", 0), ("ddpm", 7)])
@torch.no_grad()
def test_with_perfect_answers_every_sampler_finds_the_data(
    sampler: str, steps: int, schedule: str
) -> None:
    model = objective(denoiser(task_settings={"steps": 1000, "schedule": schedule}, entries=1000))
    point = torch.tensor([0.7, -1.2])
    perfect(model, point)
    request = SampleRequest(count=3, sampler=sampler, steps=steps)
    samples = model.sample(request, batch()).tensors["generated"]
    assert torch.allclose(samples, point.expand(3, 2), atol=1e-3)


@pytest.mark.parametrize("sampler", ["ddim", "ddpm"])
def test_ddim_draws_its_beginning_only_and_ddpm_every_step(
    sampler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, data, calls = objective(denoiser()), batch(), []

    def counting_normal(*arguments: Any) -> Tensor:
        calls.append(arguments)
        return normal(*arguments)

    monkeypatch.setattr(diffusion, "normal", counting_normal)
    request = SampleRequest(seed=3, count=4, sampler=sampler)
    first = model.sample(request, data).tensors["generated"]
    assert len(calls) == (1 if sampler == "ddim" else len(model.noising.way_back(20)))
    assert torch.equal(first, model.sample(request, data).tensors["generated"])
    other = model.sample(SampleRequest(seed=4, count=4, sampler=sampler), data)
    assert not torch.equal(first, other.tensors["generated"])


def test_a_way_between_two_seeds_begins_and_ends_with_their_samples() -> None:
    model = objective(denoiser())
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
def test_the_class_stays_the_same_on_a_way(guidance: float, expected: list[int]) -> None:
    settings = {"steps": 20, "label_dropout": 0.5, "guidance": guidance}
    model = objective(denoiser(labels=3, task_settings=settings))
    labels = model._wished(SampleRequest(count=3, sampler="interpolation"), batch(2))
    assert labels["labels"].tolist() == expected


def test_an_unknown_sampler_is_refused_in_words() -> None:
    with pytest.raises(TrainingError, match="ddim, ddpm"):
        objective(denoiser()).sample(SampleRequest(sampler="magic"), batch())


def test_the_way_back_ends_at_zero_and_begins_where_something_is_left() -> None:
    assert Noising("linear", 1000, "noise").way_back(1000) == list(range(999, -1, -1))
    cosine = Noising("cosine", 1000, "noise")
    timesteps = cosine.way_back(50)
    assert timesteps == sorted(set(timesteps), reverse=True)
    assert (len(timesteps), timesteps[-1]) == (50, 0)
    assert 985 < timesteps[0] < 999
    assert cosine.way_back(1) == [timesteps[0]]


def test_the_loss_is_the_squared_error_of_the_noise() -> None:
    model, data = objective(denoiser()), batch()
    scored = model.score(data, WHOLE[0], torch.Generator().manual_seed(4))
    generator = torch.Generator().manual_seed(4)
    times = torch.randint(20, (12,), generator=generator)
    noise = torch.empty(12, 2).normal_(generator=generator)
    noisy = model.noising.noisy(data.inputs["samples"], noise, times)
    inputs = {"samples": noisy, "time step": times}
    prediction = model.main.module(*(inputs[binding.role] for binding in model.main.inputs))
    assert torch.equal(scored.loss, torch.nn.functional.mse_loss(prediction, noise))


def test_withheld_labels_are_none_and_guidance_pushes_away_from_it() -> None:
    settings = {"steps": 20, "label_dropout": 0.5, "guidance": 2.0}
    model = objective(denoiser(labels=3, task_settings=settings))
    seen: list[Tensor] = []
    table = model.compiled.module.get_submodule("embedding_2")
    hook = table.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    model.score(batch(1000), WHOLE[0], torch.Generator().manual_seed(1))
    assert (seen[0] == 0).float().mean().item() == pytest.approx(0.5, abs=0.06)
    labelled = seen[0] != 0
    assert torch.equal(seen[0][labelled], (torch.arange(1000) % 2 + 1)[labelled])
    hook.remove()
    noisy, times = torch.randn(4, 2), torch.full((4,), 9)
    labels, no_labels = (
        {"labels": torch.full((4,), 2)},
        {"labels": torch.zeros(4, dtype=torch.int64)},
    )
    conditional, unconditional = (
        model._tell(noisy, times, condition, {}) for condition in (labels, no_labels)
    )
    assert torch.allclose(
        model._guided(noisy, 9, labels), conditional + 2 * (conditional - unconditional)
    )


@pytest.mark.parametrize(("guidance", "expected"), [(0.0, [0, 0, 0]), (1.0, [1, 2, 1])])
def test_any_class_is_that_of_the_given_samples_where_one_is_pushed_to(
    guidance: float, expected: list[int]
) -> None:
    settings = {"steps": 20, "label_dropout": 0.5, "guidance": guidance}
    model = objective(denoiser(labels=3, task_settings=settings))
    labels = model._wished(SampleRequest(count=3), batch(2))
    assert labels["labels"].tolist() == expected


def test_a_look_inside_sees_the_same_noise_each_time() -> None:
    model, clean = objective(denoiser(labels=2)), torch.randn(3, 2)
    inputs = [model.fill(model.main, {"samples": clean}) for _ in range(2)]
    assert torch.equal(inputs[0]["samples"], inputs[1]["samples"])
    assert not torch.equal(inputs[0]["samples"], clean)
    assert inputs[0]["time step"].tolist() == [10, 10, 10]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (denoiser(("linear", {"out_features": 5})), "noise-shape"),
        (denoiser(role="value"), "missing-output-role"),
        (denoiser(entries=10), "table-size"),
        (denoiser(labels=1), "table-size"),
        (
            denoiser(labels=2, task_settings={"steps": 20, "label_dropout": 0.1}),
            "table-size",
        ),
        (denoiser(loss="l1"), "loss-mismatch"),
        (denoiser(task_settings={"steps": 1}, entries=1000), "bad-training-setting"),
    ],
)
def test_what_does_not_fit_is_mended_by_one_click(broken: Project, code: str) -> None:
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
def test_settings_that_would_do_nothing_are_warned_of(
    labels: int, settings: dict[str, float], expected: dict[str, float]
) -> None:
    project = denoiser(labels=labels, task_settings={"steps": 20, **settings})
    (problem,) = problems(project)
    assert (problem.code, problem.severity) == ("idle-setting", Severity.WARNING)
    fixed = apply_repair(project, problem.repairs[0])
    assert fixed.training.task_settings == {"steps": 20, **expected}
    assert problems(fixed) == ()


def test_guidance_over_withheld_labels_is_not_warned_of() -> None:
    settings = {"steps": 20, "label_dropout": 0.2, "guidance": 1.0}
    assert problems(denoiser(labels=3, task_settings=settings)) == ()


def test_the_time_step_needs_a_door() -> None:
    (problem,) = problems(denoiser(clock=False))
    assert problem.code == "missing-input-role"
    fixed = apply_repair(denoiser(clock=False), problem.repairs[0])
    assert problem.code not in [problem.code for problem in problems(fixed)]
    assert "time step" in only(follow(denoiser(clock=False)), Failed).text


def test_the_loop_refuses_another_shape_in_words() -> None:
    broken = denoiser(("linear", {"out_features": 5}))
    assert "gives 5" in only(follow(broken), Failed).text


def test_the_network_learns_to_tell_noise() -> None:
    events = follow(denoiser(epochs=40, labels=2))
    first, last = every(events, EpochDone)[0].metrics, only(events, Finished).metrics
    assert last["validation_loss"] < 0.75 * first["validation_loss"]
