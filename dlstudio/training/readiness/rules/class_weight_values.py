"""Rules for class weights that a person has chosen."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, error, warning
from dlstudio.design.model.training_settings import CUSTOM
from dlstudio.training.options.class_balance import is_weight, matched_weights, weighted_names
from dlstudio.training.readiness.core.check_context import CheckContext, change_training

_MAX_NAMES = 5


def class_weight_value_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield weights that are missing, belong to other classes, or cannot be weights."""
    training, names = context.training, weighted_names(context.facts)
    if training.class_weights != CUSTOM or not names:
        return
    weights = training.class_weight_values
    labels = "labels" if context.facts.class_names == () else "classes"
    missing = [name for name in names if name not in weights]
    unknown = [name for name in weights if name not in names]
    invalid = [name for name in names if name in weights and not is_weight(weights[name])]
    matched = matched_weights(weights, names)
    if missing:
        others = (
            f" and there are weights of {_listed(unknown)}, which the data does not have"
            if unknown
            else ""
        )
        yield error(
            "class-weights",
            f"No weight for {_listed(missing)}",
            f"The {labels} {_listed(missing)} have no weight{others}. The fix gives them the "
            "weight 1.",
            change_training(f"Match the weights to the {labels}", class_weight_values=matched),
        )
    elif unknown:
        yield warning(
            "class-weights",
            f"Weights of {labels} that the data does not have",
            f"There are weights of {_listed(unknown)}, which the data does not have.",
            change_training("Remove these weights", class_weight_values=matched),
        )
    if invalid:
        yield error(
            "class-weights",
            f"The weight of {_listed(invalid)} is not a positive number or 0",
            f"A weight multiplies the loss, so that of {_listed(invalid)} must be 0 or larger. "
            "The fix sets it to 1.",
            change_training("Set the weight to 1", class_weight_values=matched),
        )
    elif not missing and not any(weights[name] for name in names):
        yield error(
            "class-weights",
            "All class weights are 0",
            "With the weight 0 for all of them, the loss is always 0 and nothing is learned.",
            change_training("Set all weights to 1", class_weight_values=dict.fromkeys(names, 1.0)),
        )


def _listed(names: list[str]) -> str:
    more = len(names) - _MAX_NAMES
    return ", ".join(names[:_MAX_NAMES]) + (f" and {more} more" if more > 0 else "")
