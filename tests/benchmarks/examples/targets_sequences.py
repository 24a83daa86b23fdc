"""What the examples on sequences promise: memory, reversed words, reviews, a text, dates."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import torch

from dlstudio.data.core.batches import Batch
from dlstudio.data.load import load_data
from dlstudio.design.model.model import Project
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import load_weights
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.tasks.registry import create_objective
from tests.benchmarks.examples.masked_dates import measure_bounds
from tests.benchmarks.examples.targets import (
    ExampleSpec,
    Metrics,
    Target,
    TrainedExample,
    accuracy_target,
    metric,
)

SHAKESPEARE = "tinyshakespeare.txt"


def shakespeare_path() -> Path:
    """Return where Karpathy's extract of Shakespeare lies, beside the folder of data sets."""
    return Path(os.environ.get("DLSTUDIO_DATA", "")).parent / "text" / SHAKESPEARE


def missing_shakespeare() -> str:
    """Return what is missing where the text is not there."""
    exists = "DLSTUDIO_DATA" in os.environ and shakespeare_path().exists()
    return "" if exists else f"DLSTUDIO_DATA and {SHAKESPEARE} in text beside it"


def with_shakespeare(project: Project) -> Project:
    """Put the text in, and change nothing else."""
    options = {**project.data.options, "path": str(shakespeare_path())}
    return replace(project, data=replace(project.data, options=options))


def measure_exact_words(example: TrainedExample) -> Metrics:
    """Measure how many words of the test part the network itself writes without a mistake.

    It reads what it wrote before, never the true letters, and always takes the likeliest one.
    """
    data = load_data(example.project.data)
    compiled = compile_design(example.project, data.facts)
    load_weights(compiled.module, example.weights)
    compiled.module.eval()
    subset = data.test
    assert subset is not None
    objective = create_objective(example.project.training, compiled)
    hidden = {**subset.inputs, "target tokens": torch.zeros_like(subset.inputs["target tokens"])}
    with torch.inference_mode():
        samples = objective.sample(
            SampleRequest(count=len(subset), sampler="greedy"), Batch(hidden, subset.target)
        )
    assert samples is not None
    correct = (samples.tensors["generated"] == subset.target).all(1)
    return {"written_right": float(correct.double().mean())}


def mse_target(limit: float, compare: Callable[[float, float], bool]) -> Target:
    """Return the goal for the squared error on the test part; guessing the mean costs 1/6."""
    return Target("test MSE", metric("test_loss"), compare, limit, "{:.4f}")


def negated_accuracy_target(
    limit: float, compare: Callable[[float, float], bool] = operator.ge
) -> Target:
    """Return the goal for the share of right answers on reviews that hold a negation."""
    what = "test accuracy on negated reviews"
    return Target(what, metric("test_negated_accuracy"), compare, limit)


SEQUENCE_SPECS: Mapping[str, ExampleSpec] = {
    "rows-rnn": ExampleSpec((accuracy_target(0.90),)),
    "rows-lstm": ExampleSpec((accuracy_target(0.975),)),
    "rows-gru": ExampleSpec((accuracy_target(0.975),)),
    "adding-rnn": ExampleSpec((mse_target(0.12, operator.ge),)),
    "adding-lstm": ExampleSpec((mse_target(0.01, operator.le),)),
    "char-transformer": ExampleSpec(
        (
            Target(
                f"validation loss with {SHAKESPEARE} put in",
                metric("validation_loss"),
                operator.le,
                1.95,
                "{:.3f}",
            ),
        ),
        change=with_shakespeare,
        missing=missing_shakespeare,
    ),
    "masked-dates": ExampleSpec(
        (
            Target(
                "hidden characters told right",
                metric("test_accuracy"),
                operator.ge,
                0.65,
                context={
                    "possible": metric("known"),
                    "from the left alone": metric("known_left"),
                    "always the commonest": metric("known_commonest"),
                },
            ),
            Target(
                "that, over what can be told from the left alone",
                lambda figures: figures["test_accuracy"] - figures["known_left"],
                operator.ge,
                0.12,
            ),
        ),
        measure=measure_bounds,
    ),
    "reverse-words": ExampleSpec(
        (
            Target(
                "whole words right, written by itself", metric("written_right"), operator.ge, 0.98
            ),
        ),
        measure=measure_exact_words,
    ),
    "reviews-embedding": ExampleSpec((negated_accuracy_target(0.70, operator.le),)),
    "reviews-lstm": ExampleSpec((negated_accuracy_target(0.97),)),
    "reviews-transformer": ExampleSpec((negated_accuracy_target(0.97),)),
}
