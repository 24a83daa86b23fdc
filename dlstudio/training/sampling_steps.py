"""How many steps a sampler takes where nobody says how many. Knows no torch."""

from __future__ import annotations

from dlstudio.design.signals import DataFacts
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.training.task_table import TASKS

QUICK_STEPS = 50
"""Steps of a sampler that leaps."""
MOST_NEW = 100
"""Tokens that are written, at most."""


def noise_steps(every: int, sampler: str) -> int:
    """Return the steps of a diffusion sampler; `every` is how many the noise grows in."""
    return every if sampler == "ddpm" else min(QUICK_STEPS, every)


def new_tokens(window: int) -> int:
    """Return how many tokens are written by a network that reads `window` of them."""
    return min(window, MOST_NEW)


def usual_steps(training: TrainingSettings, facts: DataFacts, sampler: str) -> int:
    """Return the steps of a task's sampler, 0 where it has none or they are not known."""
    tokens = facts.inputs.get("tokens")
    if training.task == "diffusion":
        total_steps = TASKS[training.task].parse(training.task_settings)["steps"]
        return noise_steps(int(total_steps), sampler)
    if training.task == "next-token" and tokens is not None and tokens.shape:
        return new_tokens(tokens.shape[0])
    return 0
