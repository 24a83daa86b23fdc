"""The rows of the training form for the weights of classes or labels. Imports no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import (
    BALANCED,
    CUSTOM,
    NO_CLASS_WEIGHTS,
    TrainingSettings,
)
from dlstudio.design.model.values import Value
from dlstudio.gui.forms.form_row import FormRow
from dlstudio.layers.framework.settings import NumberTable
from dlstudio.training.options.class_balance import suggested_weights, weighted_names
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.specs.run_settings import RUN_SETTINGS

_TITLES: Mapping[str, str] = {
    NO_CLASS_WEIGHTS: "None",
    BALANCED: "Balanced",
    CUSTOM: "By hand",
}
_LABELS_HELP = (
    "Weights of the samples that have a label, in the training loss. Balanced makes both count "
    "equally: rare labels get larger weights. Validation and test metrics stay unweighted."
)


def has_class_weights(task: str) -> bool:
    """Whether the loss of a task can be weighted by class."""
    return task in TASKS and TASKS[task].class_weights


def class_weight_rows(
    training: TrainingSettings, facts: DatasetInfo
) -> tuple[FormRow[TrainingSettings], ...]:
    """Return the choice of class weights and, by hand, the table of them."""
    setting = RUN_SETTINGS["class_weights"]
    has_labels = TASKS[training.task].target == "labels"
    if has_labels:
        setting = replace(setting, title="Label weights", help=_LABELS_HELP)

    def choose(training: TrainingSettings, value: str) -> TrainingSettings:
        if value == training.class_weights:
            return training
        weights = suggested_weights(facts) if value == CUSTOM else {}
        return replace(training, class_weights=value, class_weight_values=weights)

    def read(training: TrainingSettings) -> Value:
        return training.class_weights

    choice = FormRow("class_weights", setting, read, choose, _TITLES)
    names = weighted_names(facts) or tuple(training.class_weight_values)
    if training.class_weights != CUSTOM or not names:
        return (choice,)
    return (choice, _table_row(names, has_labels=has_labels))


def _table_row(names: tuple[str, ...], *, has_labels: bool) -> FormRow[TrainingSettings]:
    setting = NumberTable(
        title="Weight of each label" if has_labels else "Weight of each class",
        help="The training loss of its samples is multiplied by it.",
        default=(),
        names=names,
    )

    def read(training: TrainingSettings) -> Value:
        return tuple(training.class_weight_values.get(name) for name in names)

    def write(training: TrainingSettings, value: tuple[float | None, ...]) -> TrainingSettings:
        pairs = zip(names, value, strict=True)
        weights = {name: weight for name, weight in pairs if weight is not None}
        return replace(training, class_weight_values=weights)

    return FormRow("class_weight_values", setting, read, write)
