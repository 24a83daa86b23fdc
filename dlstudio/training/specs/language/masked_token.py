"""Masked tokens: hidden tokens are predicted from both sides."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real
from dlstudio.training.options.losses import CROSS_ENTROPY
from dlstudio.training.specs.core.task_spec import COMMON_CHECKS, TaskSpec
from dlstudio.training.specs.language.token_metrics import TOKEN_METRICS

_MASK_SHARE = Real(
    title="Hidden share",
    help="Probability of hiding each token from the network.",
    default=0.15,
    minimum=0.01,
    maximum=0.99,
)

MASKED_TOKEN = TaskSpec(
    "masked-token",
    "Masked tokens",
    "Fill in hidden tokens from the tokens on both sides.",
    settings={"share": _MASK_SHARE},
    objective="dlstudio.training.tasks.language.masked_token.MaskedToken",
    checks=(
        *COMMON_CHECKS,
        "dlstudio.training.readiness.language.tokens.token_data_problems",
        "dlstudio.training.readiness.language.tokens.token_size_problems",
    ),
    losses=(CROSS_ENTROPY,),
    outputs=("next token",),
    inputs=("tokens",),
    metrics=TOKEN_METRICS,
    prompt="Fill in",
    prompt_hint="Type a text with [mask] (or _) where the network should fill in a token",
    source="text",
    fallback="fill in hidden tokens",
    constant="the most common token",
)
