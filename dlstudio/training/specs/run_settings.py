"""The plain settings of a run, task and loss among them. Knows no torch."""

from __future__ import annotations

from collections.abc import Mapping

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
        help="The figure that training makes small.",
        default="cross-entropy",
        options=tuple(LOSSES),
    ),
    "epochs": Integer(title="Epochs", help="How often every training sample is seen.", default=10),
    "batch_size": Integer(
        title="Batch size", help="Samples that share one step of the optimiser.", default=32
    ),
    "seed": Integer(
        title="Seed",
        help="Fixes the initial weights, the sample order and dropout.",
        default=0,
        minimum=0,
        maximum=2**31 - 1,
    ),
    "device": Choice(
        title="Device",
        help="Where the network is trained; auto takes the best there is.",
        default="auto",
        options=DEVICES,
    ),
    "mixed_precision": Boolean(
        title="Mixed precision",
        help="Half-precision arithmetic on a GPU: faster, nearly as exact.",
        default=False,
        advanced=True,
    ),
    "reproducible": Boolean(
        title="Reproducible",
        help="Only deterministic algorithms on a GPU: the same figures each time, slower.",
        default=False,
        advanced=True,
    ),
    "test_each_epoch": Boolean(
        title="Test each epoch",
        help="Shows the test figures each epoch; no decision ever reads them.",
        default=False,
        advanced=True,
    ),
}
"""Declarations of the plain fields of `TrainingSettings`."""
