"""What the examples on sequences promise: memory, reversed words, reviews, a text, dates."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import torch

from dlstudio.data.batches import Batch
from dlstudio.data.load import load_data
from dlstudio.design.model import Project
from dlstudio.network.compile import compile_design
from dlstudio.network.weights import load_weights
from dlstudio.training.sampling import SampleRequest
from dlstudio.training.tasks.choose import choose_objective
from tests.benchmarks.filled_dates import what_can_be_known
from tests.benchmarks.goals import Figures, Goal, Promise, Trained, accuracy, figure

SHAKESPEARE = "tinyshakespeare.txt"


def shakespeare() -> Path:
    """Return where Karpathy's extract of Shakespeare lies, beside the folder of data sets."""
    return Path(os.environ.get("DLSTUDIO_DATA", "")).parent / "text" / SHAKESPEARE


def without_shakespeare() -> str:
    """Return what is missing where the text is not there."""
    exists = "DLSTUDIO_DATA" in os.environ and shakespeare().exists()
    return "" if exists else f"DLSTUDIO_DATA and {SHAKESPEARE} in text beside it"


def on_shakespeare(project: Project) -> Project:
    """Put the text in, and change nothing else."""
    options = {**project.data.options, "path": str(shakespeare())}
    return replace(project, data=replace(project.data, options=options))


def written_right(trained: Trained) -> Figures:
    """Measure how many words of the test part the network itself writes without a mistake.

    It reads what it wrote before, never the true letters, and always takes the likeliest one.
    """
    data = load_data(trained.project.data)
    compiled = compile_design(trained.project, data.facts)
    load_weights(compiled.module, trained.weights)
    compiled.module.eval()
    subset = data.test
    assert subset is not None
    objective = choose_objective(trained.project.training, compiled)
    hidden = {**subset.inputs, "target tokens": torch.zeros_like(subset.inputs["target tokens"])}
    with torch.inference_mode():
        samples = objective.sample(
            SampleRequest(count=len(subset), sampler="greedy"), Batch(hidden, subset.target)
        )
    assert samples is not None
    correct = (samples.tensors["generated"] == subset.target).all(1)
    return {"written_right": float(correct.double().mean())}


def squared_error(limit: float, holds: Callable[[float, float], bool]) -> Goal:
    """Return the goal for the squared error on the test part; guessing the mean costs 1/6."""
    return Goal("test MSE", figure("test_loss"), holds, limit, "{:.4f}")


def negated(limit: float, holds: Callable[[float, float], bool] = operator.ge) -> Goal:
    """Return the goal for the share of right answers on reviews that hold a negation."""
    what = "test accuracy on negated reviews"
    return Goal(what, figure("test_negated_accuracy"), holds, limit)


PROMISES: Mapping[str, Promise] = {
    "rows-rnn": Promise((accuracy(0.90),)),
    "rows-lstm": Promise((accuracy(0.975),)),
    "rows-gru": Promise((accuracy(0.975),)),
    "adding-rnn": Promise((squared_error(0.12, operator.ge),)),
    "adding-lstm": Promise((squared_error(0.01, operator.le),)),
    "char-transformer": Promise(
        (
            Goal(
                f"validation loss with {SHAKESPEARE} put in",
                figure("validation_loss"),
                operator.le,
                1.95,
                "{:.3f}",
            ),
        ),
        change=on_shakespeare,
        needs=without_shakespeare,
    ),
    "masked-dates": Promise(
        (
            Goal(
                "hidden characters told right",
                figure("test_accuracy"),
                operator.ge,
                0.65,
                beside={
                    "possible": figure("known"),
                    "from the left alone": figure("known_left"),
                    "always the commonest": figure("known_commonest"),
                },
            ),
            Goal(
                "that, over what can be told from the left alone",
                lambda figures: figures["test_accuracy"] - figures["known_left"],
                operator.ge,
                0.12,
            ),
        ),
        examine=what_can_be_known,
    ),
    "reverse-words": Promise(
        (Goal("whole words right, written by itself", figure("written_right"), operator.ge, 0.98),),
        examine=written_right,
    ),
    "reviews-embedding": Promise((negated(0.70, operator.le),)),
    "reviews-lstm": Promise((negated(0.97),)),
    "reviews-transformer": Promise((negated(0.97),)),
}
