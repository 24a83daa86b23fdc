"""The plain settings of a run, including task and loss. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.training_settings import BALANCED, CUSTOM, NO_CLASS_WEIGHTS
from dlstudio.layers.framework.settings import Boolean, Choice, Integer, Setting
from dlstudio.training.options.training_options import DEVICES
from dlstudio.training.specs.registry import LOSSES, TASKS

RUN_SETTINGS: Mapping[str, Setting] = {
    "task": Choice(
        title="Task",
        help="What the network learns to do.",
        default="classification",
        options=tuple(TASKS),
    ),
    "loss": Choice(
        title="Loss",
        help="The quantity that training minimises.",
        default="cross-entropy",
        options=tuple(LOSSES),
    ),
    "class_weights": Choice(
        title="Class weights",
        help="Weights of the classes in the training loss. Balanced makes each class count "
        "equally: rare classes get larger weights. Validation and test metrics stay unweighted.",
        default=NO_CLASS_WEIGHTS,
        options=(NO_CLASS_WEIGHTS, BALANCED, CUSTOM),
    ),
    "epochs": Integer(
        title="Epochs",
        help="Passes over the training data; automatic takes enough steps for most networks, and "
        "fewer if the best epoch is kept and the validation loss no longer improves.",
        default=10,
        optional=True,
    ),
    "batch_size": Integer(
        title="Batch size",
        help="Number of samples in each optimiser step; automatic grows with the data.",
        default=32,
        optional=True,
    ),
    "seed": Integer(
        title="Seed",
        help="Determines the initial weights, the sample order and dropout.",
        default=0,
        minimum=0,
        maximum=2**31 - 1,
    ),
    "device": Choice(
        title="Device",
        help="Compute device; auto uses the fastest available.",
        default="auto",
        options=DEVICES,
    ),
    "mixed_precision": Boolean(
        title="Mixed precision",
        help="Half-precision arithmetic on a GPU: faster, nearly as accurate.",
        default=False,
        advanced=True,
    ),
    "reproducible": Boolean(
        title="Reproducible",
        help="Deterministic algorithms on a GPU: identical results every time, but slower.",
        default=False,
        advanced=True,
    ),
    "keep_best": Boolean(
        title="Keep best epoch",
        help="Restores the weights of the epoch with the lowest validation loss at the end.",
        default=False,
    ),
    "test_each_epoch": Boolean(
        title="Test each epoch",
        help="Shows the test metrics after each epoch; they are never used for decisions.",
        default=False,
        advanced=True,
    ),
}
"""Declarations of the plain fields of `TrainingSettings`."""
