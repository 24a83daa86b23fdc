"""Rules of contrastive learning: images, augmentation, and an embedding vector."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.data_settings import Augmentation
from dlstudio.design.model.problems import Problem, Repair, error
from dlstudio.design.model.short_texts import axes_differ
from dlstudio.design.model.training_settings import chosen
from dlstudio.training.readiness.core.check_context import (
    CheckContext,
    change_data,
    change_training,
)
from dlstudio.training.readiness.core.data_fixes import task_data_fix
from dlstudio.training.readiness.core.roles import output_path, task_spec
from dlstudio.training.readiness.rules.resources import DEFAULT_BATCH_SIZE

_DEFAULT_AUGMENTATION = {
    "augmentation.shift": 0.1,
    "augmentation.rotate": 15.0,
    "augmentation.crop": 2,
}


def view_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if two different views of a sample cannot be created."""
    task, samples = task_spec(context), context.facts.inputs.get("samples")
    if samples is None:
        return
    if len(samples.shape) != 3:
        yield error(
            "views-need-pictures",
            "Two views need images",
            f"{task.title} compares two augmented views of each image, but samples of this data "
            f"are {samples.text()} numbers. Choose data with images.",
            task_data_fix(context),
        )
    elif context.project.data.augmentation == Augmentation():
        yield error(
            "no-augmentation",
            "Both views of a sample would be equal",
            f"{task.title} compares two augmented views of each sample, but augmentation is off. "
            "Switch some on in the data settings.",
            change_data("Switch on shift, rotation and crop", **_DEFAULT_AUGMENTATION),
        )
    if chosen(context.training.batch_size) < 2:
        yield error(
            "no-others",
            "A batch of one has no other samples",
            f"{task.title} compares the views of a sample with those of the other samples in its "
            "batch. Use a larger batch; more samples train better.",
            change_training(
                f"Set the batch size to {DEFAULT_BATCH_SIZE}", batch_size=DEFAULT_BATCH_SIZE
            ),
        )


def embedding_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the embedding is not a vector."""
    path = output_path(context, "embedding")
    signal = context.input_signal(path)
    if signal is None or (len(signal.shape) == 1 and signal.shape[0] > 1):
        return
    kind, settings = ("flatten", {}) if len(signal.shape) > 1 else ("linear", {"out_features": 32})
    yield error(
        "embedding-shape",
        f"{signal.text()} is not a vector",
        f"Embeddings are compared by direction, so they must be vectors of at least two numbers, "
        f"not {signal.text()}. Flatten the output, or end with a Linear layer.",
        Repair(
            f"Insert {kind.title()} before the Output",
            "insert_before",
            {"port": "input", "slot": 0, "kind": kind, "settings": settings},
        ),
        path=path,
        short="1 < 2" if signal.shape == (1,) else axes_differ(len(signal.shape), 1),
    )
