"""Creates the objective of a run from the declaration of its task."""

from __future__ import annotations

from collections.abc import Callable

from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.entry_points import reason_text, resolve_target
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.options.named_option import find_option
from dlstudio.training.protocol.errors import MisfitError, TrainingError
from dlstudio.training.specs.core.task_spec import TaskSpec
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.objective import Objective

ObjectiveFactory = Callable[[TrainingSettings, Compiled], Objective]


def create_objective(training: TrainingSettings, compiled: Compiled) -> Objective:
    """Return the objective of a run over its networks.

    Raises:
        TrainingError: The code of the task cannot be loaded.
        MisfitError: The settings do not pass the check of the design.
        CompileError: It needs a different number of networks.
    """
    try:
        return load_objective(find_option(TASKS, training.task, "task"))(training, compiled)
    except ValueError as error:
        raise MisfitError(str(error)) from error


def load_objective(spec: TaskSpec) -> ObjectiveFactory:
    """Return the callable that creates the objectives of a task.

    Raises:
        TrainingError: It cannot be loaded.
    """
    try:
        factory: ObjectiveFactory = resolve_target(spec.objective)
    except (ImportError, AttributeError) as error:
        raise TrainingError(
            f"{spec.title} cannot be loaded: {reason_text(error)}. Update the package that "
            "provides this task, or choose another task."
        ) from error
    return factory
