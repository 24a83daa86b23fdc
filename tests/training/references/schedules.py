"""References of the schedules and optimisers: those of torch, with drawn settings."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import torch
from torch.optim import lr_scheduler

from dlstudio.design.model.training_settings import Optimiser, Schedule
from dlstudio.training.optim.group_optimiser import build_optimiser
from dlstudio.training.optim.schedules import EpochSpan, SchedulePosition, factor_function
from dlstudio.training.options.training_options import OPTIMISERS
from dlstudio.training.step.loop_state import Plateau
from tests.training.references.drawing import Pairs, generator_of, normal

Rates = list[float]
Scheduler = Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler]


def curve(random: Random, name: str) -> Pairs:
    """Compare the rate of every step of a run, or of a later span of epochs."""
    epochs, steps = random.randint(1, 8), random.randint(1, 9)
    share = random.choice((0.0, 0.1, 0.5))
    settings, build, by_epoch = _CURVES[name](random, epochs * steps, share)
    first = random.choice((0, 3)) if not by_epoch else 0
    factor = factor_function(Schedule(name, settings)) or (lambda _position: 1.0)
    span = EpochSpan(first, epochs)
    ours = [
        factor(SchedulePosition(first + step // steps, step % steps, span, steps))
        for step in range(epochs * steps)
    ]
    reference = _torch_rates(build, epochs * steps, steps if by_epoch else 1)
    return {f"step {number}": pair for number, pair in enumerate(zip(ours, reference, strict=True))}


def _torch_rates(build: Scheduler, count: int, interval: int) -> Rates:
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        schedule = build(optimiser)
        for step in range(1, count + 1):
            rates.append(float(optimiser.param_groups[0]["lr"]))
            optimiser.step()
            if step % interval == 0 and step < count:
                schedule.step()
    return rates


Curve = tuple[Mapping[str, Any], Scheduler, bool]


def _constant(_random: Random, _total: int, _share: float) -> Curve:
    return {}, lambda o: lr_scheduler.ConstantLR(o, 1.0), False


def _step(random: Random, _total: int, share: float) -> Curve:
    every = random.randint(1, 4)
    return {"every": every, "factor": share}, lambda o: lr_scheduler.StepLR(o, every, share), True


def _cosine(_random: Random, total: int, share: float) -> Curve:
    build: Scheduler = lambda o: lr_scheduler.CosineAnnealingLR(o, total, eta_min=share)  # noqa: E731
    return {"floor": share}, build, False


def _linear(random: Random, total: int, share: float) -> Curve:
    warmup = random.choice((0.0, 0.1, 0.5))
    rising = round(warmup * total)

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        return 1 + (share - 1) * (step - rising) / (total - rising)

    return (
        {"warmup": warmup, "floor": share},
        lambda o: lr_scheduler.LambdaLR(o, factor),
        False,
    )


def _one_cycle(random: Random, total: int, _share: float) -> Curve:
    warmup = random.choice((0.3, 0.5)) if total * 0.3 > 1 else 0.0
    start, end = random.choice((4.0, 25.0)), random.choice((10.0, 1e4))
    settings = {"warmup": warmup, "start": 1 / start, "floor": 1 / (start * end)}
    if total < 2 or not warmup:
        return settings, lambda o: lr_scheduler.LambdaLR(o, _falling_cycle(settings, total)), False

    def build(optimiser: torch.optim.Optimizer) -> lr_scheduler.LRScheduler:
        return lr_scheduler.OneCycleLR(
            optimiser,
            1.0,
            total,
            pct_start=warmup,
            div_factor=start,
            final_div_factor=end,
            cycle_momentum=False,
        )

    return settings, build, False


def _falling_cycle(settings: Mapping[str, float], total: int) -> Callable[[int], float]:
    """Return a cycle too short to rise, which torch refuses: it falls from one step before it."""

    def factor(step: int) -> float:
        share = (1 + math.cos(math.pi * (step + 1) / total)) / 2
        return settings["floor"] + (1 - settings["floor"]) * share

    return factor


_CURVES: Mapping[str, Callable[[Random, int, float], Curve]] = {
    "constant": _constant,
    "step": _step,
    "cosine": _cosine,
    "linear": _linear,
    "one-cycle": _one_cycle,
}


def plateau(random: Random, name: str) -> Pairs:
    """Compare the rate after each of a sequence of metrics, some of them not numbers."""
    higher, patience, factor = random.random() < 0.5, random.randrange(4), random.choice((0.1, 0.5))
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = lr_scheduler.ReduceLROnPlateau(
        optimiser, "max" if higher else "min", factor=factor, patience=patience, eps=0.0
    )
    schedule, state = Schedule(name, {"factor": factor, "patience": patience}), Plateau()
    pairs = {}
    for number in range(random.randint(1, 30)):
        value = random.choice((0.0, 1.0, 1.00001, 5.0, math.nan, math.inf, random.uniform(0, 2)))
        scheduler.step(value)
        state.update(schedule, value, higher)
        pairs[f"epoch {number}"] = (state.factor, float(optimiser.param_groups[0]["lr"]))
    return pairs


SCHEDULE_REFERENCES: Mapping[str, Callable[[Random, str], Pairs]] = {
    **dict.fromkeys(_CURVES, curve),
    "plateau": plateau,
}


def _sgd(options: Mapping[str, Any]) -> Callable[..., torch.optim.Optimizer]:
    momentum, nesterov = options["momentum"], options["nesterov"]
    return lambda groups: torch.optim.SGD(groups, momentum=momentum, nesterov=nesterov)


def _adam(options: Mapping[str, Any]) -> Callable[..., torch.optim.Optimizer]:
    betas = (options["beta1"], options["beta2"])
    return lambda groups: torch.optim.Adam(groups, betas=betas, eps=options["eps"])


def _adamw(options: Mapping[str, Any]) -> Callable[..., torch.optim.Optimizer]:
    betas = (options["beta1"], options["beta2"])
    return lambda groups: torch.optim.AdamW(groups, betas=betas, eps=options["eps"])


def _rmsprop(options: Mapping[str, Any]) -> Callable[..., torch.optim.Optimizer]:
    alpha, momentum, eps = options["alpha"], options["momentum"], options["eps"]
    return lambda groups: torch.optim.RMSprop(groups, alpha=alpha, momentum=momentum, eps=eps)


OPTIMISER_REFERENCES: Mapping[str, Callable[..., Any]] = {
    "sgd": _sgd,
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
}


def optimiser(random: Random, name: str) -> Pairs:
    """Compare the weights after some steps with drawn gradients; biases do not decay."""
    ranges = {
        "momentum": (0.0, 0.9),
        "nesterov": (False, True),
        "beta1": (0.9, 0.5),
        "beta2": (0.999, 0.9),
        "alpha": (0.99, 0.9),
        "eps": (1e-8, 1e-3),
    }
    options = {key: random.choice(ranges[key]) for key in OPTIMISERS[name].settings}
    if not options.get("momentum"):
        options.pop("nesterov", None)
    decay, rate = random.choice((0.0, 0.1)), random.choice((0.1, 0.001))
    start = [normal(random, 3, 2), normal(random, 3)]
    ours, theirs = ([torch.nn.Parameter(tensor.clone()) for tensor in start] for _ in range(2))
    settings = Optimiser(name, rate, weight_decay=decay, settings=options)
    optimiser = build_optimiser(settings, ours, torch.device("cpu"))
    full = OPTIMISERS[name].parse(options)
    groups = [
        {"params": [theirs[0].requires_grad_()], "lr": rate, "weight_decay": decay},
        {"params": [theirs[1]], "lr": rate, "weight_decay": 0.0},
    ]
    reference = OPTIMISER_REFERENCES[name](full)(groups)
    generator = generator_of(random)
    for _ in range(random.randint(1, 6)):
        for one, other in zip(ours, theirs, strict=True):
            one.grad = torch.randn(one.shape, generator=generator)
            other.grad = one.grad.clone()
        optimiser.step()
        reference.step()
    return {
        f"weight {index}": (float(one), float(other))
        for index, (one, other) in enumerate(
            zip(torch.cat([p.detach().flatten() for p in ours]),
                torch.cat([p.detach().flatten() for p in theirs]), strict=True)
        )
    }  # fmt: skip
