"""The targets of the sequence examples: memory, reversed words, reviews, text and dates."""

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
    """Return the path of Karpathy's Tiny Shakespeare, in a folder beside the data folder."""
    return Path(os.environ.get("DLSTUDIO_DATA", "")).parent / "text" / SHAKESPEARE


def missing_shakespeare() -> str:
    """Return what is missing if the text does not exist, else an empty text."""
    exists = "DLSTUDIO_DATA" in os.environ and shakespeare_path().exists()
    return "" if exists else f"DLSTUDIO_DATA and {SHAKESPEARE} in text beside it"


def with_shakespeare(project: Project) -> Project:
    """Replace the text by Tiny Shakespeare."""
    options = {**project.data.options, "path": str(shakespeare_path())}
    return replace(project, data=replace(project.data, options=options))


def measure_exact_words(example: TrainedExample) -> Metrics:
    """Measure the share of test words generated without a mistake.

    Greedy decoding: the network reads its own output, never the target.
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
    """Return the target for the squared error on the test subset; guessing the mean costs 1/6."""
    return Target("test MSE", metric("test_loss"), compare, limit, "{:.4f}")


def negated_accuracy_target(
    limit: float, compare: Callable[[float, float], bool] = operator.ge
) -> Target:
    """Return the target for the test accuracy on reviews that contain a negation."""
    label = "test accuracy on negated reviews"
    return Target(label, metric("test_negated_accuracy"), compare, limit)


SEQUENCE_SPECS: Mapping[str, ExampleSpec] = {
    "rows-rnn": ExampleSpec((accuracy_target(0.90),)),
    "rows-lstm": ExampleSpec((accuracy_target(0.975),)),
    "rows-gru": ExampleSpec((accuracy_target(0.975),)),
    "adding-rnn": ExampleSpec((mse_target(0.12, operator.ge),)),
    "adding-lstm": ExampleSpec((mse_target(0.01, operator.le),)),
    "char-transformer": ExampleSpec(
        (
            Target(
                f"validation loss with {SHAKESPEARE} as its data",
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
                "masked characters predicted correctly",
                metric("test_accuracy"),
                operator.ge,
                0.65,
                context={
                    "possible": metric("known"),
                    "from the left context": metric("known_left"),
                    "always the most frequent": metric("known_commonest"),
                },
            ),
            Target(
                "accuracy above the best from the left context",
                lambda metrics: metrics["test_accuracy"] - metrics["known_left"],
                operator.ge,
                0.12,
            ),
        ),
        measure=measure_bounds,
    ),
    "reverse-words": ExampleSpec(
        (Target("whole words generated correctly", metric("written_right"), operator.ge, 0.98),),
        measure=measure_exact_words,
    ),
    "reviews-embedding": ExampleSpec((negated_accuracy_target(0.70, operator.le),)),
    "reviews-lstm": ExampleSpec((negated_accuracy_target(0.97),)),
    "reviews-transformer": ExampleSpec((negated_accuracy_target(0.97),)),
}
