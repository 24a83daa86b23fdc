"""Metrics of every task that predicts tokens."""

from __future__ import annotations

from dlstudio.training.specs.core.task_spec import MetricSpec

TOKEN_METRICS = (
    MetricSpec("accuracy", "accuracy", higher_is_better=True, percentage=True),
    MetricSpec("perplexity", "perplexity"),
)
