"""Next token: a language model that continues a text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.training.options.losses import CROSS_ENTROPY
from dlstudio.training.specs.core.task_spec import COMMON_CHECKS, SamplerSpec, TaskSpec
from dlstudio.training.specs.language.token_metrics import TOKEN_METRICS

MAX_NEW_TOKENS = 100
"""Default limit of generated tokens."""


def new_token_count(window: int) -> int:
    """Return the default number of new tokens of a network with a context of `window` tokens."""
    return min(window, MAX_NEW_TOKENS)


def _default_steps(_settings: Mapping[str, Any], facts: DatasetInfo, _sampler: str) -> int:
    tokens = facts.inputs.get("tokens")
    return new_token_count(tokens.shape[0]) if tokens is not None and tokens.shape else 0


NEXT_TOKEN = TaskSpec(
    "next-token",
    "Next token",
    "Predict the next token at every position: a language model.",
    objective="dlstudio.training.tasks.language.next_token.NextToken",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.language.tokens.token_data_problems",
        "dlstudio.training.readiness.language.tokens.next_token_size_problems",
        "dlstudio.training.readiness.language.tokens.causality_problems",
    ),
    losses=(CROSS_ENTROPY,),
    outputs=("next token",),
    inputs=("tokens",),
    target="tokens",
    metrics=TOKEN_METRICS,
    samplers=(
        SamplerSpec("random", "Random", ("steps", "temperature", "top_k")),
        SamplerSpec("greedy", "Greedy", ("steps",)),
    ),
    default_steps=_default_steps,
    steps_title="New tokens",
    prompt="Continue",
    prompt_hint="Type the start of a text for the network to continue",
    example="char-transformer",
    source="text",
    constant="the most common token",
)
