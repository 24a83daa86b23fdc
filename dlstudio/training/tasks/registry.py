"""Finds the objective of a task by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.options.named_option import titles
from dlstudio.training.options.task_specs import TASKS
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.tasks.core.objective import Objective
from dlstudio.training.tasks.generative.adversarial import Adversarial
from dlstudio.training.tasks.generative.diffusion import Diffusion
from dlstudio.training.tasks.generative.variational import Variational
from dlstudio.training.tasks.language.masked_token import MaskedToken
from dlstudio.training.tasks.language.next_token import NextToken
from dlstudio.training.tasks.language.sequence_to_sequence import SequenceToSequence
from dlstudio.training.tasks.supervised.multilabel import MultiLabel
from dlstudio.training.tasks.supervised.segmentation import Segmentation
from dlstudio.training.tasks.supervised.supervised import Supervised
from dlstudio.training.tasks.unsupervised.contrastive import Contrastive
from dlstudio.training.tasks.unsupervised.reconstruction import Reconstruction

_OBJECTIVES: Mapping[str, Callable[[TrainingSettings, Compiled], Objective]] = {
    "classification": Supervised,
    "regression": Supervised,
    "reconstruction": Reconstruction,
    "adversarial": Adversarial,
    "diffusion": Diffusion,
    "contrastive": Contrastive,
    "multi-label": MultiLabel,
    "segmentation": Segmentation,
    "variational": Variational,
    "next-token": NextToken,
    "masked-token": MaskedToken,
    "sequence-to-sequence": SequenceToSequence,
}


def create_objective(training: TrainingSettings, compiled: Compiled) -> Objective:
    """Return the task of a run over its networks.

    Raises:
        TrainingError: There is no such task, or its settings cannot be used.
        CompileError: It needs another number of networks.
    """
    if training.task not in _OBJECTIVES:
        known = titles(TASKS)
        raise TrainingError(f"There is no task called {training.task!r}; known ones: {known}.")
    return _OBJECTIVES[training.task](training, compiled)
