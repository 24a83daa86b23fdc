"""Makes the objective of a run from the declaration of its task."""

from __future__ import annotations

from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.options.named_option import titles
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.specs.core.task_spec import resolve_target
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.objective import Objective


def create_objective(training: TrainingSettings, compiled: Compiled) -> Objective:
    """Return the task of a run over its networks.

    Raises:
        TrainingError: There is no such task, or its settings cannot be used.
        CompileError: It needs another number of networks.
    """
    if training.task not in TASKS:
        known = titles(TASKS)
        raise TrainingError(f"There is no task called {training.task!r}; known ones: {known}.")
    objective: Objective = resolve_target(TASKS[training.task].objective)(training, compiled)
    return objective
