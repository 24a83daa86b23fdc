"""Creates the objective of a run from the declaration of its task."""

from __future__ import annotations

from collections.abc import Callable

from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.entry_points import reason_text, resolve_target
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.options.named_option import titles
from dlstudio.training.protocol.errors import MisfitError, TrainingError
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.objective import Objective


def create_objective(training: TrainingSettings, compiled: Compiled) -> Objective:
    """Return the objective of a run over its networks.

    Raises:
        TrainingError: The task is unknown, or its settings are invalid.
        CompileError: It needs a different number of networks.
    """
    if training.task not in TASKS:
        known = titles(TASKS)
        raise TrainingError(f"There is no task called {training.task!r}; known ones: {known}.")
    spec = TASKS[training.task]
    try:
        make: Callable[[TrainingSettings, Compiled], Objective] = resolve_target(spec.objective)
    except (ImportError, AttributeError) as error:
        raise TrainingError(
            f"{spec.title} cannot be loaded: {reason_text(error)}. Update the package that "
            "provides this task, or choose another task."
        ) from error
    try:
        return make(training, compiled)
    except ValueError as error:
        raise MisfitError(str(error)) from error
