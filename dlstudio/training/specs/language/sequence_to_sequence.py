"""Sequence to sequence: one sequence is read, another is generated."""

from __future__ import annotations

from dlstudio.training.options.losses import CROSS_ENTROPY
from dlstudio.training.specs.core.task_spec import COMMON_CHECKS, MetricSpec, SamplerSpec, TaskSpec
from dlstudio.training.specs.language.token_metrics import TOKEN_METRICS

SEQUENCE_TO_SEQUENCE = TaskSpec(
    "sequence-to-sequence",
    "Sequence to sequence",
    "Read one sequence and generate another, token by token.",
    objective="dlstudio.training.tasks.language.sequence_to_sequence.SequenceToSequence",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.language.tokens.token_data_problems",
        "dlstudio.training.readiness.language.tokens.token_size_problems",
        "dlstudio.training.readiness.language.tokens.causality_problems",
    ),
    losses=(CROSS_ENTROPY,),
    outputs=("next token",),
    inputs=("tokens", "target tokens"),
    target="tokens",
    metrics=(
        *TOKEN_METRICS,
        MetricSpec(
            "sequence_accuracy", "correct sequences", higher_is_better=True, percentage=True
        ),
    ),
    samplers=(
        SamplerSpec("greedy", "Greedy"),
        SamplerSpec("random", "Random", ("temperature", "top_k")),
    ),
    prompt="Write",
    prompt_hint="Type an input sequence to see the network's output",
    example="reverse-words",
    source="word-reversal",
    constant="the most common token",
)
