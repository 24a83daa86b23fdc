"""References of the tasks that predict tokens, computed in double precision."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.core.vocabulary import PAD
from dlstudio.design.model.signals import Signal
from dlstudio.training.metrics.batch_result import BatchResult
from dlstudio.training.tasks.core.objective import Objective
from tests.training.generative_designs import DesignBuilder
from tests.training.references.drawing import Pairs, classes, cuts, hide, normal, pairs, rows_of
from tests.training.references.objectives import evaluate, objective_of
from tests.training.references.supervised import cross_entropies, doubles

WINDOW, TOKENS = 5, 4


def next_token(random: Random, loss: str) -> Pairs:
    """Compare the prediction of the next token; padding is ignored."""
    objective, smoothing = _objective(random, "next-token", "tokens", loss)
    batches = cuts(random)
    tokens, target = _tokens(random, batches), _tokens(random, batches)
    cut = [Batch({"tokens": tokens[part]}, target[part]) for part in batches]
    ours, results = evaluate(objective, cut)
    truth = target.numpy()
    return pairs(ours, _reference(results, np.where(truth == PAD, IGNORE_INDEX, truth), smoothing))


def masked_token(random: Random, loss: str) -> Pairs:
    """Compare the prediction of hidden tokens."""
    objective, smoothing = _objective(random, "masked-token", "tokens", loss)
    batches, seed = cuts(random), random.randrange(1000)
    tokens = _tokens(random, batches)
    ours, results = evaluate(
        objective, [Batch({"tokens": tokens[part]}, None) for part in batches], seed
    )
    generator = torch.Generator().manual_seed(seed)
    draws = [torch.rand(tokens[part].shape, generator=generator) for part in batches]
    hidden = torch.cat([torch.zeros(0, WINDOW), *draws]) < 0.15
    truth = tokens.masked_fill(~hidden | (tokens == PAD), IGNORE_INDEX).numpy()
    return pairs(ours, _reference(results, truth, smoothing))


def sequence_to_sequence(random: Random, loss: str) -> Pairs:
    """Compare the prediction of sequences, each up to its first padding token."""
    objective, smoothing = _objective(random, "sequence-to-sequence", "target tokens", loss)
    batches = cuts(random)
    tokens, target = _tokens(random, batches), _tokens(random, batches)
    inputs = {"tokens": tokens, "target tokens": tokens}
    cut = [
        Batch({role: rows[part] for role, rows in inputs.items()}, target[part]) for part in batches
    ]
    ours, results = evaluate(objective, cut)
    truth = target.numpy().copy()
    for row in truth:
        ends = np.flatnonzero(row == PAD)
        if len(ends):
            row[ends[0] + 1 :] = IGNORE_INDEX
    return pairs(ours, _reference(results, truth, smoothing, per_sequence=True))


def _tokens(random: Random, batches: list[slice]) -> Tensor:
    return hide(random, classes(random, TOKENS, rows_of(batches), WINDOW), PAD)


def _objective(random: Random, task: str, role: str, loss: str) -> tuple[Objective, float]:
    """Return an objective whose network looks up a row of drawn scores for each token."""
    builder = DesignBuilder()
    source = builder.add("input", role=role)
    table = builder.add("embedding", source, num_embeddings=TOKENS, embedding_dim=TOKENS)
    builder.add("output", table, role="next token")
    smoothing = random.choice((0.0, 0.1))
    project = builder.project(
        "moons", {}, task=task, loss=loss, loss_settings={"label_smoothing": smoothing}
    )
    signals = {name: Signal((WINDOW,), "int64", "tokens") for name in ("tokens", "target tokens")}
    objective = objective_of(project, signals, {"vocabulary": TOKENS})
    with torch.no_grad():
        for parameter in objective.main.module.parameters():
            parameter.copy_(normal(random, TOKENS, TOKENS))
    return objective, smoothing


def _reference(
    results: list[BatchResult],
    truth: NDArray[Any],
    smoothing: float,
    *,
    per_sequence: bool = False,
) -> dict[str, float]:
    known = truth != IGNORE_INDEX
    outputs = [doubles(result.output) for result in results if result.output is not None]
    scores = np.concatenate([np.zeros((0, WINDOW, TOKENS)), *outputs])
    correct = scores.argmax(-1) == truth
    values = {"loss": math.nan}
    if known.any():
        nats = cross_entropies(scores[known], truth[known], 0.0)
        values = {
            "loss": float(cross_entropies(scores[known], truth[known], smoothing).mean()),
            "accuracy": float(correct[known].mean()),
            "perplexity": math.exp(min(float(nats.mean()), 700.0)),
        }
    if per_sequence and len(truth):
        values["sequence_accuracy"] = float((correct | ~known).all(1).mean())
    return values
