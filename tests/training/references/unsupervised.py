"""References of the tasks without a target, computed in double precision."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import torch

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.paired_views import SECOND_VIEW
from tests.training.references.drawing import Pairs, cuts, normal, pairs, rows_of
from tests.training.references.objectives import evaluate, plain_objective
from tests.training.references.supervised import (
    Doubles,
    cross_entropies,
    doubles,
    drawn_settings,
    leaky,
    losses_of,
)


def reconstruction(random: Random, loss: str) -> Pairs:
    """Compare a reconstruction of clean or noisy samples."""
    batches, width, noise = cuts(random), random.randint(1, 5), random.choice((0.0, 0.5))
    samples, seed = normal(random, rows_of(batches), width), random.randrange(1000)
    settings = drawn_settings(random, "reconstruction", loss)
    objective = plain_objective(
        "reconstruction",
        (width,),
        "reconstruction",
        loss=loss,
        loss_settings=settings,
        task_settings={"noise": noise},
    )
    ours, _ = evaluate(
        objective, [Batch({"samples": samples[part]}, None) for part in batches], seed
    )
    generator = torch.Generator().manual_seed(seed)
    noises = [torch.randn(samples[part].shape, generator=generator) for part in batches if noise]
    noisy = samples + noise * torch.cat(noises) if noises else samples
    if not batches:
        return pairs(ours, {"loss": math.nan})
    clean, rebuilt = doubles(samples), doubles(leaky(noisy))
    reference = {
        "loss": float(losses_of(loss, rebuilt, clean, settings).mean()),
        "mse": float(np.square(rebuilt - clean).mean()),
        "input_mse": float(np.square(doubles(noisy) - clean).mean()),
    }
    return pairs(ours, reference)


def contrastive(random: Random, loss: str) -> Pairs:
    """Compare two views of the samples of each batch, whose other samples are the negatives."""
    del loss
    batches, width = cuts(random), random.randint(8, 12)
    first = normal(random, rows_of(batches), width, scales=(1.0, 20.0))
    second = first + normal(random, rows_of(batches), width, scales=(0.3,))
    temperature = random.choice((0.1, 0.5, 2.0))
    objective = plain_objective(
        "contrastive",
        (width,),
        "embedding",
        loss="nt-xent",
        loss_settings={"temperature": temperature},
    )
    cut = [Batch({"samples": first[part], SECOND_VIEW: second[part]}, None) for part in batches]
    ours, _ = evaluate(objective, cut)
    if not batches:
        return pairs(ours, {"loss": math.nan})
    views = [np.concatenate([doubles(leaky(v[part])) for v in (first, second)]) for part in batches]
    values = np.array([_contrast(rows, temperature) for rows in views])
    means = np.average(values, axis=0, weights=[len(rows) for rows in views])
    return pairs(ours, dict(zip(("loss", "alignment", "retrieval"), means.tolist(), strict=True)))


def _contrast(rows: Doubles, temperature: float) -> tuple[float, float, float]:
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    partner = np.roll(np.arange(len(rows)), len(rows) // 2)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -1e9)
    loss = cross_entropies(cosines / temperature, partner, 0.0)
    distances = np.square(unit - unit[partner]).sum(1)
    return float(loss.mean()), float(distances.mean()), float((cosines.argmax(1) == partner).mean())
