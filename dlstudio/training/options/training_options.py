"""The optimisers, schedules and other options of a run that are independent of the task.

Each setting is declared once; forms, checks and the loop derive from here. Does not import torch.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers.framework.settings import Boolean, Integer, Real, Setting
from dlstudio.training.options.named_option import NamedOption, by_name

_MOMENTUM = Real(
    title="Momentum",
    help="Share of the previous update that is added to the next one.",
    default=0.0,
    minimum=0.0,
    maximum=0.9999,
)
_EPSILON = Real(
    title="Epsilon",
    help="Small number that prevents division by zero.",
    default=1e-8,
    minimum=1e-20,
    maximum=1.0,
    advanced=True,
)


def _beta(index: str, default: float) -> Real:
    return Real(
        title=f"Beta {index}",
        help=f"Decay of the moving average of {'' if index == '1' else 'squared '}gradients.",
        default=default,
        minimum=0.0,
        maximum=0.999999,
        advanced=True,
    )


_ADAM = {"beta1": _beta("1", 0.9), "beta2": _beta("2", 0.999), "eps": _EPSILON}

OPTIMISERS = by_name(
    NamedOption(
        "sgd",
        "SGD",
        "Stochastic gradient descent, with optional momentum.",
        {
            "momentum": _MOMENTUM,
            "nesterov": Boolean(
                title="Nesterov",
                help="Evaluates the gradient ahead along the momentum; needs a momentum above 0.",
                default=False,
            ),
        },
    ),
    NamedOption("adam", "Adam", "Adapts the step size of each weight; a good first choice.", _ADAM),
    NamedOption("adamw", "AdamW", "Adam with decoupled weight decay.", _ADAM),
    NamedOption(
        "rmsprop",
        "RMSprop",
        "Divides each gradient by its recent magnitude.",
        {
            "alpha": Real(
                title="Alpha",
                help="Decay of the moving average of squared gradients.",
                default=0.99,
                minimum=0.0,
                maximum=0.999999,
            ),
            "momentum": _MOMENTUM,
            "eps": _EPSILON,
        },
    ),
)


def _fraction(title: str, text: str, default: float) -> Real:
    return Real(title=title, help=text, default=default, minimum=0.0, maximum=1.0)


_FLOOR = "Rate at the end, as a share of the learning rate."
_WARMUP = "Share of the steps over which the rate rises."

SCHEDULES = by_name(
    NamedOption("constant", "Constant", "The learning rate does not change."),
    NamedOption(
        "step",
        "Step",
        "Multiplies the learning rate every few epochs.",
        {
            "every": Integer(title="Every", help="Epochs between two drops.", default=10),
            "factor": _fraction("Factor", "Factor of each reduction.", 0.1),
        },
    ),
    NamedOption(
        "cosine",
        "Cosine",
        "Falls along half a cosine wave to its floor.",
        {"floor": _fraction("Floor", _FLOOR, 0.0)},
    ),
    NamedOption(
        "linear",
        "Linear",
        "Rises linearly, then falls linearly.",
        {"warmup": _fraction("Warm-up", _WARMUP, 0.1), "floor": _fraction("Floor", _FLOOR, 0.0)},
    ),
    NamedOption(
        "one-cycle",
        "One cycle",
        "Rises from a low rate to the full rate, then falls far below.",
        {
            "warmup": _fraction("Warm-up", _WARMUP, 0.3),
            "start": _fraction(
                "Start", "Rate at the start, as a share of the learning rate.", 0.04
            ),
            "floor": _fraction("Floor", _FLOOR, 4e-6),
        },
    ),
    NamedOption(
        "plateau",
        "On plateau",
        "Reduces the learning rate when the validation metric stops improving.",
        {
            "factor": _fraction("Factor", "Factor of each reduction.", 0.1),
            "patience": Integer(
                title="Patience",
                help="Epochs without improvement before a reduction.",
                default=10,
                minimum=0,
            ),
        },
    ),
)

CLIPPING = by_name(
    NamedOption("none", "None", "Gradients are not clipped."),
    NamedOption("norm", "By norm", "Scales all gradients down when their norm exceeds the limit."),
    NamedOption("value", "By value", "Clips each gradient at the limit."),
)

DEVICES = ("auto", "cpu", "cuda", "mps")

LEARNING_RATE = Real(
    title="Learning rate",
    help="Size of the update steps; automatic depends on the optimiser and the data.",
    default=1e-3,
    minimum=0.0,
    maximum=1e6,
    optional=True,
)
WEIGHT_DECAY = Real(
    title="Weight decay",
    help="Pulls weights towards zero; biases and norms are excluded by default.",
    default=0.0,
    minimum=0.0,
    maximum=1e3,
)
CLIPPING_LIMIT = Real(
    title="Limit", help="Largest gradient norm or value.", default=1.0, minimum=1e-12
)
RATE_FACTOR = Real(
    title="Rate factor",
    help="Multiplies the learning rate: 0.1 trains a pretrained trunk slowly.",
    default=1.0,
    minimum=0.0,
    maximum=1000.0,
)
EARLY_STOPPING: Mapping[str, Setting] = {
    "enabled": Boolean(
        title="Stop early",
        help="Stop when a validation metric no longer improves.",
        default=False,
    ),
    "patience": Integer(
        title="Patience", help="Epochs without improvement before the run stops.", default=5
    ),
    "restore_best": Boolean(
        title="Keep the best", help="Restore the weights of the best epoch.", default=True
    ),
    "minimum_change": Real(
        title="Least change",
        help="Smallest improvement that counts.",
        default=0.0,
        minimum=0.0,
        advanced=True,
    ),
}
"""Declarations of the fields of early stopping that are independent of the task."""
