"""Rules for the number of networks, the roles of their Outputs, and the loss of the task."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, Repair, error, incomplete
from dlstudio.network.compile.subgraph import connected_subgraphs, select_subgraph
from dlstudio.training.options.named_option import titles
from dlstudio.training.readiness.core.check_context import CheckContext, change_training
from dlstudio.training.readiness.core.fix_snippets import (
    LATENT_ROLES,
    SAMPLING_LAYER,
    add_latent_output,
    add_opponent,
    add_sampling_layer,
    example_fix,
)
from dlstudio.training.specs.core.task_spec import TaskSpec
from dlstudio.training.specs.registry import LOSSES, TASKS, losses_for


def network_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the number of networks is not that of the task."""
    task = task_spec(context)
    if not context.paths("output"):
        return
    subgraph = select_subgraph(context.analysis, (), ())
    count = len(list(connected_subgraphs(context.analysis, subgraph)))
    if count != task.networks:
        expected = "one network" if task.networks == 1 else f"{task.networks} networks"
        yield (incomplete if context.is_unfinished or count < task.networks else error)(
            "several-networks",
            f"{task.title} trains {expected}",
            f"This canvas has {count} separate network{'' if count == 1 else 's'}, "
            f"but {task.title} trains {expected} with the Outputs {' and '.join(task.outputs)}. "
            "Connect or remove the others, or choose another task.",
        )


def role_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem for each missing Output that the task reads."""
    task = task_spec(context)
    outputs = {path: str(context.setting(path, "role")) for path in context.paths("output")}
    unused = [path for path, role in outputs.items() if role not in task.outputs]
    for required in task.outputs if outputs else ():
        if required in outputs.values():
            continue
        path = unused.pop(0) if unused else ""
        repairs = [_set_role(path, required)] if path else list(_output_fixes(context, required))
        current = f" This one is {outputs[path]!r}." if path else ""
        yield (error if path else incomplete)(
            "missing-output-role",
            f"No Output for: {required}",
            f"{task.title} needs an Output with the role {required!r}.{current} "
            "Set the role of an Output, or connect a new one.",
            *repairs,
            path=path,
            short="role not read" if path else "",
        )


def loss_task_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the task does not support the loss."""
    training, task = context.project.training, task_spec(context)
    fitting = list(losses_for(task.name))
    if training.loss in LOSSES and fitting and training.loss not in fitting:
        yield error(
            "loss-mismatch",
            f"{LOSSES[training.loss].title} does not suit {task.title}",
            f"{task.title} supports {titles(LOSSES, fitting)}. Choose one of them.",
            change_training(f"Use {LOSSES[fitting[0]].title}", loss=fitting[0], loss_settings={}),
        )


def set_task_fix(task: TaskSpec) -> Repair:
    """Return the fix that sets the task and its default loss."""
    return change_training(
        f"Set the task to {task.title}",
        task=task.name,
        task_settings={},
        loss=task.losses[0].name,
        loss_settings={},
    )


def task_spec(context: CheckContext) -> TaskSpec:
    """Return the declaration of the design's task, which must be a known one."""
    return TASKS[context.project.training.task]


def output_path(context: CheckContext, role: str) -> str:
    """Return the path of the first Output of a role, empty if there is none."""
    paths = (path for path in context.paths("output") if context.setting(path, "role") == role)
    return next(paths, "")


def _output_fixes(context: CheckContext, role: str) -> Iterator[Repair]:
    """Yield fixes that add a missing Output; last, an example of the task."""
    if role in ("generated sample", "realness"):
        yield from add_opponent(context, role)
    if role in LATENT_ROLES:
        sampling_layers = context.paths(SAMPLING_LAYER)
        yield from (
            add_latent_output(context, role) if sampling_layers else add_sampling_layer(context)
        )
    yield from example_fix(context)


def _set_role(path: str, role: str) -> Repair:
    return Repair(f"Set the role to {role!r}", "set_settings", {"changes": {"role": role}})
