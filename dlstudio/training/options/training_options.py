"""The optimisers, schedules and other options of a run that no task changes.

Each setting is declared once; forms, checks and the loop derive from here. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.layers.framework.settings import Boolean, Integer, Real, Setting
from dlstudio.training.options.named_option import NamedOption, by_name

_MOMENTUM = Real(
    title="Momentum",
    help="Share of the last movement that is kept.",
    default=0.0,
    minimum=0.0,
    maximum=0.9999,
)
_EPSILON = Real(
    title="Epsilon",
    help="Small number that keeps a division from zero.",
    default=1e-8,
    minimum=1e-20,
    maximum=1.0,
    advanced=True,
)


def _beta(index: str, default: float) -> Real:
    return Real(
        title=f"Beta {index}",
        help=f"How long the {'mean' if index == '1' else 'size'} of past gradients is remembered.",
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
        "Steps straight down the gradient, with momentum if wanted.",
        {
            "momentum": _MOMENTUM,
            "nesterov": Boolean(
                title="Nesterov",
                help="Looks ahead along the momentum before it measures; needs a momentum above 0.",
                default=False,
            ),
        },
    ),
    NamedOption(
        "adam", "Adam", "Gives each weight a step size of its own; a good first choice.", _ADAM
    ),
    NamedOption("adamw", "AdamW", "Adam with weight decay apart from the gradient.", _ADAM),
    NamedOption(
        "rmsprop",
        "RMSprop",
        "Divides each gradient by its recent size.",
        {
            "alpha": Real(
                title="Alpha",
                help="How long the size of past gradients is remembered.",
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
    NamedOption("constant", "Constant", "The learning rate stays as it is."),
    NamedOption(
        "step",
        "Step",
        "Multiplies the learning rate every few epochs.",
        {
            "every": Integer(title="Every", help="Epochs between two drops.", default=10),
            "factor": _fraction("Factor", "What the rate is multiplied by.", 0.1),
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
        "Rises in a straight line, then falls in one.",
        {"warmup": _fraction("Warm-up", _WARMUP, 0.1), "floor": _fraction("Floor", _FLOOR, 0.0)},
    ),
    NamedOption(
        "one-cycle",
        "One cycle",
        "Rises from a low rate to the full one and falls far below.",
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
        "Multiplies the learning rate when the validation figure stops improving.",
        {
            "factor": _fraction("Factor", "What the rate is multiplied by.", 0.1),
            "patience": Integer(
                title="Patience",
                help="Epochs without improvement that are still waited for.",
                default=10,
                minimum=0,
            ),
        },
    ),
)

CLIPPING = by_name(
    NamedOption("none", "None", "Gradients stay as they are."),
    NamedOption("norm", "By norm", "Shrinks all gradients together when they are too long."),
    NamedOption("value", "By value", "Cuts each gradient off at a limit."),
)

DEVICES = ("auto", "cpu", "cuda", "mps")

LEARNING_RATE = Real(
    title="Learning rate", help="Length of a step.", default=1e-3, minimum=0.0, maximum=1e6
)
WEIGHT_DECAY = Real(
    title="Weight decay",
    help="Pulls weights towards zero; biases and norms are left alone by default.",
    default=0.0,
    minimum=0.0,
    maximum=1e3,
)
CLIPPING_LIMIT = Real(
    title="Limit", help="Largest gradient norm or value.", default=1.0, minimum=1e-12
)
RATE_FACTOR = Real(
    title="Rate factor",
    help="Multiplies the learning rate: 0.1 lets a trained trunk move slowly.",
    default=1.0,
    minimum=0.0,
    maximum=1000.0,
)
EARLY_STOPPING: Mapping[str, Setting] = {
    "enabled": Boolean(
        title="Stop early",
        help="Stop when a figure of the validation part no longer improves.",
        default=False,
    ),
    "patience": Integer(
        title="Patience", help="Epochs without progress before it stops.", default=5
    ),
    "restore_best": Boolean(
        title="Keep the best", help="Go back to the weights of the best epoch.", default=True
    ),
    "minimum_change": Real(
        title="Least change",
        help="Smaller progress does not count.",
        default=0.0,
        minimum=0.0,
        advanced=True,
    ),
}
"""Declarations of the fields of early stopping whose range no task changes."""
