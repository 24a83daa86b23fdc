"""Texts on early stopping: when it ends a run, and why it has. Does not import torch."""

from __future__ import annotations

from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.training.metrics.metric_names import metric_title


def automatic_stop_text(training: TrainingSettings) -> str:
    """Return when a run with automatic epochs ends before the last one; empty if it does not.

    Args:
        training: Settings with a number in the place of each automatic value.
    """
    stopping = training.early_stopping
    if not (stopping.enabled and stopping.automatic):
        return ""
    return (
        f"Stops earlier when the {metric_title(stopping.monitor)} has not improved for "
        f"{stopping.patience} epochs"
    )


def early_stop_reason(training: TrainingSettings) -> str:
    """Return why early stopping has ended a run, as a clause; empty if it is switched off."""
    stopping = training.early_stopping
    if not stopping.enabled:
        return ""
    epochs = f"{stopping.patience} epochs" if stopping.patience > 1 else "one epoch"
    return f"the {metric_title(stopping.monitor)} had not improved for {epochs}"
