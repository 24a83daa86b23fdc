"""References of the tasks that generate samples, computed in double precision."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.signals import Signal
from dlstudio.training.metrics.batch_result import Phase
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.objective import Objective
from tests.training.generative_designs import DesignBuilder
from tests.training.references.drawing import Pairs, cuts, normal, pairs, rows_of
from tests.training.references.objectives import evaluate, objective_of
from tests.training.references.supervised import Doubles, doubles

WIDTH, STEPS = 3, 20


def adversarial(random: Random, loss: str) -> Pairs:
    """Compare both networks' losses; the generator returns its noise."""
    objective, batches, seed = _adversarial_objective(loss), cuts(random), random.randrange(1000)
    samples = normal(random, rows_of(batches), WIDTH)
    cut = [Batch({"samples": samples[part]}, None) for part in batches]
    ours, _ = evaluate(objective, cut, seed)
    generator = torch.Generator().manual_seed(seed)
    noises = [torch.randn(samples[part].shape, generator=generator) for part in batches]
    if not batches:
        return pairs(ours, {"loss": math.nan})
    noise = torch.cat(noises)
    weight, bias = (doubles(p) for p in objective.compiled.module.parameters())
    real, fake = doubles(samples) @ weight.T + bias, doubles(noise) @ weight.T + bias
    reference = _gan_reference(loss, real, fake)
    if loss == "wasserstein":
        phase = Phase("discriminator")
        result = objective.score(cut[0], phase, torch.Generator().manual_seed(seed))
        first = slice(0, len(cut[0].inputs["samples"]))
        ours["training loss"] = float(result.loss.detach())
        slope = 10.0 * (float(np.linalg.norm(weight)) - 1) ** 2
        reference["training loss"] = float(fake[first].mean() - real[first].mean()) + slope
    return pairs(ours, reference)


def _adversarial_objective(loss: str) -> Objective:
    builder = DesignBuilder()
    noise = builder.add("input", role="noise", shape=(WIDTH,))
    builder.add("output", builder.add("flatten", noise), role="generated sample")
    score = builder.add("linear", builder.add("input"), out_features=1)
    builder.add("output", score, role="realness")
    project = builder.project(
        "moons", {}, task="adversarial", loss=loss, groups=TASKS["adversarial"].groups
    )
    return objective_of(project, {"samples": Signal((WIDTH,))})


def _gan_reference(loss: str, real: Doubles, fake: Doubles) -> dict[str, float]:
    if loss == "standard":
        generator = np.logaddexp(0, -fake).mean()
        discriminator = np.logaddexp(0, -real).mean() + np.logaddexp(0, fake).mean()
    elif loss == "least-squares":
        generator = np.square(fake - 1).mean() / 2
        discriminator = np.square(real - 1).mean() / 2 + np.square(fake).mean() / 2
    else:
        assert loss == "wasserstein"
        generator, discriminator = -fake.mean(), fake.mean() - real.mean()
    values = {
        "loss": float(discriminator),
        "generator_loss": float(generator),
        "discriminator_loss": float(discriminator),
    }
    if loss == "wasserstein":
        return {**values, "distance": float(real.mean() - fake.mean())}
    threshold = 0.0 if loss == "standard" else 0.5
    shares = {"real_accuracy": real > threshold, "fake_accuracy": fake <= threshold}
    return {**values, **{name: float(share.mean()) for name, share in shares.items()}}


def diffusion(random: Random, loss: str) -> Pairs:
    """Compare the prediction of noise or v by a linear network with a row for each time step."""
    kind, predicts = random.choice(("linear", "cosine")), random.choice(("noise", "v"))
    builder = DesignBuilder()
    line = builder.add("linear", builder.add("input"), out_features=WIDTH)
    time = builder.add("input", role="time step")
    table = builder.add("embedding", time, num_embeddings=STEPS, embedding_dim=WIDTH)
    builder.add("output", builder.add("add", line, table), role="predicted noise")
    settings = {"steps": STEPS, "schedule": kind, "predicts": predicts}
    project = builder.project("moons", {}, task="diffusion", loss=loss, task_settings=settings)
    objective = objective_of(project, {"samples": Signal((WIDTH,))})
    batches, seed = cuts(random), random.randrange(1000)
    samples = normal(random, rows_of(batches), WIDTH)
    cut = [Batch({"samples": samples[part]}, None) for part in batches]
    ours, _ = evaluate(objective, cut, seed)
    weights = dict(objective.compiled.module.named_parameters())
    generator = torch.Generator().manual_seed(seed)
    errors = [
        _diffusion_errors(samples[part], generator, weights, _signal(kind), predicts)
        for part in batches
    ]
    return pairs(ours, {"loss": float(np.concatenate(errors).mean()) if errors else math.nan})


def _signal(kind: str) -> Doubles:
    """Return the remaining signal ᾱ after each step."""
    if kind == "linear":
        betas = np.linspace(1000 / STEPS * 1e-4, 1000 / STEPS * 0.02, STEPS)
    else:
        curve = np.cos((np.arange(STEPS + 1) / STEPS + 0.008) / 1.008 * np.pi / 2) ** 2
        betas = 1 - curve[1:] / curve[:-1]
    return np.cumprod(1 - np.minimum(betas, 0.999))


def _diffusion_errors(
    clean: Tensor,
    generator: torch.Generator,
    weights: dict[str, torch.nn.Parameter],
    signal: Doubles,
    predicts: str,
) -> Doubles:
    times = torch.randint(STEPS, (len(clean),), generator=generator).numpy()
    noise = doubles(torch.randn(clean.shape, generator=generator))
    a, b = np.sqrt(signal[times])[:, None], np.sqrt(1 - signal[times])[:, None]
    noisy = a * doubles(clean) + b * noise
    line, bias = (doubles(weights[f"linear_1.{name}"]) for name in ("weight", "bias"))
    predicted = noisy @ line.T + bias + doubles(weights["embedding_1.weight"])[times]
    target = noise if predicts == "noise" else a * noise - b * doubles(clean)
    return np.asarray(np.square(predicted - target))


def variational(random: Random, loss: str) -> Pairs:
    """Compare the nats of a linear encoder and decoder."""
    builder = DesignBuilder()
    source = builder.add("input")
    mean, spread = (builder.add("linear", source, out_features=2) for _ in range(2))
    latent = builder.add("reparameterise", mean)
    builder.connect(spread, latent, "log_variance")
    builder.add("output", builder.add("linear", latent, out_features=WIDTH), role="reconstruction")
    builder.add("output", mean, role="mean")
    builder.add("output", spread, role="log-variance")
    beta = random.choice((1.0, 0.0, 4.0))
    project = builder.project(
        "moons", {}, task="variational", loss=loss, task_settings={"beta": beta}
    )
    objective = objective_of(project, {"samples": Signal((WIDTH,))})
    batches = cuts(random)
    samples = normal(random, rows_of(batches), WIDTH, scales=(1.0, 0.01))
    cut = [Batch({"samples": samples[part]}, None) for part in batches]
    ours, results = evaluate(objective, cut)
    if not batches:
        return pairs(ours, {"loss": math.nan})
    weights = dict(objective.compiled.module.named_parameters())
    clean = doubles(samples)
    means, spreads = (
        clean @ doubles(weights[f"{name}.weight"]).T + doubles(weights[f"{name}.bias"])
        for name in (mean, spread)
    )
    rebuilt = np.concatenate([doubles(r.output) for r in results if r.output is not None])
    share = np.clip(clean, 0, 1)
    nats = np.logaddexp(0, rebuilt) - share * rebuilt if loss == "binary" else None
    nats = np.square(rebuilt - clean) / 2 if nats is None else nats
    divergence = (means**2 + np.exp(spreads) - 1 - spreads).sum(1).mean() / 2
    reconstruction = nats.sum(1).mean()
    reference = {
        "loss": reconstruction + beta * divergence,
        "reconstruction_nats": reconstruction,
        "kl_nats": divergence,
        "negative_elbo": reconstruction + divergence,
    }
    return pairs(ours, {name: float(value) for name, value in reference.items()})
