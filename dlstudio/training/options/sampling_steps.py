"""How many steps a sampler takes where nobody says how many. Knows no torch."""

from __future__ import annotations

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.training.options.task_specs import TASKS

FAST_SAMPLER_STEPS = 50
"""Steps of a sampler that leaps."""
MAX_NEW_TOKENS = 100
"""Tokens that are written, at most."""


def diffusion_steps(total_steps: int, sampler: str) -> int:
    """Return the steps of a diffusion sampler; `total_steps` is how many the noise grows in."""
    return total_steps if sampler == "ddpm" else min(FAST_SAMPLER_STEPS, total_steps)


def new_token_count(window: int) -> int:
    """Return how many tokens are written by a network that reads `window` of them."""
    return min(window, MAX_NEW_TOKENS)


def default_sampler_steps(training: TrainingSettings, facts: DatasetInfo, sampler: str) -> int:
    """Return the steps of a task's sampler, 0 where it has none or they are not known."""
    tokens = facts.inputs.get("tokens")
    if training.task == "diffusion":
        total_steps = TASKS[training.task].parse(training.task_settings)["steps"]
        return diffusion_steps(int(total_steps), sampler)
    if training.task == "next-token" and tokens is not None and tokens.shape:
        return new_token_count(tokens.shape[0])
    return 0
