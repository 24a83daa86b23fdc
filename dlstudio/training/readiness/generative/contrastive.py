"""What learning from two views needs: pictures, random changes to them, and a row of numbers."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.data_settings import Augmentation
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.training.readiness.core.check_context import (
    CheckContext,
    change_data,
    change_training,
    error,
)
from dlstudio.training.readiness.core.roles import output_path, task_spec
from dlstudio.training.readiness.rules.resources import DEFAULT_BATCH_SIZE

_DEFAULT_AUGMENTATION = {
    "augmentation.shift": 0.1,
    "augmentation.rotate": 15.0,
    "augmentation.crop": 2,
}


def view_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem where no two different views of a sample can be made."""
    task, samples = task_spec(context), context.facts.inputs.get("samples")
    if samples is None:
        return
    if len(samples.shape) != 3:
        yield error(
            "views-need-pictures",
            "Two views can be made of pictures only",
            f"{task.title} compares two views of a sample, made by shifting, rotating and cropping "
            f"pictures; this data holds {samples.text()} numbers. Choose data with pictures.",
            change_data("Use the handwritten digits", source="digits", options={}, facts=None),
        )
    elif context.project.data.augmentation == Augmentation():
        yield error(
            "no-augmentation",
            "Both views of a sample would be the same",
            f"{task.title} compares two views of a sample, made by random changes to it, and none "
            "is switched on. Switch some on in the data settings.",
            change_data("Switch on shift, rotation and crop", **_DEFAULT_AUGMENTATION),
        )
    if context.project.training.batch_size < 2:
        yield error(
            "no-others",
            "There are no others to be told from",
            f"{task.title} tells the views of a sample from those of the other samples in its "
            "batch, and a batch of one has none. The more there are, the more is learnt.",
            change_training(
                f"Set the batch size to {DEFAULT_BATCH_SIZE}", batch_size=DEFAULT_BATCH_SIZE
            ),
        )


def embedding_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem where the embedding is no row of numbers."""
    path = output_path(context, "embedding")
    signal = context.input_signal(path)
    if signal is None or (len(signal.shape) == 1 and signal.shape[0] > 1):
        return
    kind, settings = ("flatten", {}) if len(signal.shape) > 1 else ("linear", {"out_features": 32})
    yield error(
        "embedding-shape",
        f"{signal.text()} is no direction",
        f"Embeddings are compared by their direction, so a row of at least two numbers is needed; "
        f"{signal.text()} arrives. Flatten it, or end with a Linear layer.",
        Repair(
            f"Insert {kind.title()} before the Output",
            "insert_before",
            {"port": "input", "slot": 0, "kind": kind, "settings": settings},
        ),
        path=path,
    )
