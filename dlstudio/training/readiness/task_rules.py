"""Which rules hold for which task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from dlstudio.design.model.problems import Problem
from dlstudio.training.options.task_specs import TASKS
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.readiness.core.roles import (
    loss_task_problems,
    network_problems,
    role_problems,
)
from dlstudio.training.readiness.generative.contrastive import embedding_problems, view_problems
from dlstudio.training.readiness.generative.gan_and_diffusion import (
    adversarial_problems,
    diffusion_problems,
    label_problems,
    monitor_problems,
)
from dlstudio.training.readiness.generative.variational import latent_problems, unit_range_problems
from dlstudio.training.readiness.language.tokens import (
    causality_problems,
    token_data_problems,
    token_size_problems,
)
from dlstudio.training.readiness.rules.outputs import loss_problems, output_problems
from dlstudio.training.readiness.rules.reconstruction_shape import reconstruction_problems
from dlstudio.training.readiness.rules.targets import pixel_problems, target_problems

Rule = Callable[[CheckContext], Iterator[Problem]]

_COMMON_RULES: tuple[Rule, ...] = (network_problems, role_problems, loss_task_problems)
_TOKEN_RULES: tuple[Rule, ...] = (*_COMMON_RULES, token_data_problems, token_size_problems)
_RULES: Mapping[str, tuple[Rule, ...]] = {
    "classification": (output_problems, loss_problems),
    "regression": (output_problems, loss_problems),
    "reconstruction": (*_COMMON_RULES, reconstruction_problems),
    "adversarial": (*_COMMON_RULES, adversarial_problems, label_problems, monitor_problems),
    "diffusion": (*_COMMON_RULES, diffusion_problems, label_problems),
    "multi-label": (target_problems, loss_task_problems, output_problems),
    "segmentation": (*_COMMON_RULES, target_problems, pixel_problems),
    "contrastive": (*_COMMON_RULES, view_problems, embedding_problems),
    "variational": (*_COMMON_RULES, reconstruction_problems, latent_problems, unit_range_problems),
    "next-token": (*_TOKEN_RULES, causality_problems),
    "masked-token": _TOKEN_RULES,
    "sequence-to-sequence": (*_TOKEN_RULES, causality_problems),
}


def task_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield what the task misses on the canvas or in the data."""
    task = context.project.training.task
    if task in TASKS:
        for rule in _RULES.get(task, _COMMON_RULES):
            yield from rule(context)
