"""Which rules hold for which task."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from dlstudio.design.problems import Problem
from dlstudio.training.rules.generating import (
    adversarial_problems,
    diffusion_problems,
    judged_problems,
    label_problems,
)
from dlstudio.training.rules.latent import latent_problems, unit_problems
from dlstudio.training.rules.outputs import loss_problems, output_problems
from dlstudio.training.rules.roles import loss_fits, network_problems, role_problems
from dlstudio.training.rules.situation import Situation
from dlstudio.training.rules.sizes import reconstruction_problems
from dlstudio.training.rules.targets import pixel_problems, target_problems
from dlstudio.training.rules.tokens import (
    foresight_problems,
    token_data_problems,
    token_size_problems,
)
from dlstudio.training.rules.views import embedding_problems, view_problems
from dlstudio.training.task_table import TASKS

Rule = Callable[[Situation], Iterator[Problem]]

_COMMON: tuple[Rule, ...] = (network_problems, role_problems, loss_fits)
_TOKENS: tuple[Rule, ...] = (*_COMMON, token_data_problems, token_size_problems)
_RULES: Mapping[str, tuple[Rule, ...]] = {
    "classification": (output_problems, loss_problems),
    "regression": (output_problems, loss_problems),
    "reconstruction": (*_COMMON, reconstruction_problems),
    "adversarial": (*_COMMON, adversarial_problems, label_problems, judged_problems),
    "diffusion": (*_COMMON, diffusion_problems, label_problems),
    "multi-label": (target_problems, loss_fits, output_problems),
    "segmentation": (*_COMMON, target_problems, pixel_problems),
    "contrastive": (*_COMMON, view_problems, embedding_problems),
    "variational": (*_COMMON, reconstruction_problems, latent_problems, unit_problems),
    "next-token": (*_TOKENS, foresight_problems),
    "masked-token": _TOKENS,
    "sequence-to-sequence": (*_TOKENS, foresight_problems),
}


def task_problems(situation: Situation) -> Iterator[Problem]:
    """Yield what the task misses on the canvas or in the data."""
    task = situation.project.training.task
    if task in TASKS:
        for rule in _RULES.get(task, _COMMON):
            yield from rule(situation)
