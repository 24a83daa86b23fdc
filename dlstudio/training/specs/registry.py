"""The registry of tasks by name, in the order of the menus: one line per built-in task.

Installed packages add more by the entry point `dlstudio.tasks`. Does not import torch.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.training.options.named_option import NamedOption, by_name
from dlstudio.training.specs.core.task_spec import TaskSpec
from dlstudio.training.specs.generative.adversarial import ADVERSARIAL
from dlstudio.training.specs.generative.diffusion import DIFFUSION
from dlstudio.training.specs.generative.variational import VARIATIONAL
from dlstudio.training.specs.language.masked_token import MASKED_TOKEN
from dlstudio.training.specs.language.next_token import NEXT_TOKEN
from dlstudio.training.specs.language.sequence_to_sequence import SEQUENCE_TO_SEQUENCE
from dlstudio.training.specs.plugins import find_task_plugins
from dlstudio.training.specs.supervised.classification import CLASSIFICATION
from dlstudio.training.specs.supervised.multi_label import MULTI_LABEL
from dlstudio.training.specs.supervised.regression import REGRESSION
from dlstudio.training.specs.supervised.segmentation import SEGMENTATION
from dlstudio.training.specs.unsupervised.contrastive import CONTRASTIVE
from dlstudio.training.specs.unsupervised.reconstruction import RECONSTRUCTION

BUILTIN_TASKS: Mapping[str, TaskSpec] = by_name(
    CLASSIFICATION,
    REGRESSION,
    MULTI_LABEL,
    SEGMENTATION,
    RECONSTRUCTION,
    ADVERSARIAL,
    DIFFUSION,
    VARIATIONAL,
    NEXT_TOKEN,
    MASKED_TOKEN,
    SEQUENCE_TO_SEQUENCE,
    CONTRASTIVE,
)
_PLUGINS = find_task_plugins(BUILTIN_TASKS)

PLUGIN_ERRORS: tuple[str, ...] = _PLUGINS.errors
"""A line for every skipped task of an installed package, with the reason."""

TASKS: Mapping[str, TaskSpec] = {**BUILTIN_TASKS, **_PLUGINS.declarations}

LOSSES: Mapping[str, NamedOption] = {
    loss.name: loss for task in TASKS.values() for loss in task.losses
}
"""Losses of all tasks by name."""

METRICS = {metric.name: metric for task in TASKS.values() for metric in task.metrics}
"""Metrics of all tasks besides the loss, by name."""

HIGHER_IS_BETTER = frozenset(
    f"validation_{metric.name}" for metric in METRICS.values() if metric.higher_is_better
)


def losses_for(task: str) -> dict[str, NamedOption]:
    """Return the losses of a task by name, the default first."""
    return dict(by_name(*TASKS[task].losses)) if task in TASKS else {}


def tasks_with_loss(loss: str) -> list[str]:
    """Return the names of the tasks that use a loss."""
    return [task for task in TASKS if loss in losses_for(task)]


def monitors(task: str) -> Mapping[str, str]:
    """Return the titles of the validation metrics of a task."""
    metrics = TASKS[task].metrics if task in TASKS else ()
    titles = {"loss": "loss", **{metric.name: metric.title for metric in metrics}}
    return {f"validation_{name}": f"Validation {title}" for name, title in titles.items()}


def offered_monitors(training: TrainingSettings, facts: DatasetInfo) -> Mapping[str, str]:
    """Return the titles of the metrics that early stopping and plateau schedules can monitor.

    A metric that is chosen although this data does not give it stays, and says so.
    """
    task, chosen = TASKS.get(training.task), training.early_stopping.monitor
    omitted = {
        f"validation_{metric.name}"
        for metric in (task.metrics if task else ())
        if not metric.monitored(training, facts)
    }
    return {
        name: f"{title} (not available)" if name in omitted else title
        for name, title in monitors(training.task).items()
        if name == chosen or name not in omitted
    }
