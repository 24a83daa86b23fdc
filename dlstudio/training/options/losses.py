"""Losses that several tasks share; each task names those that go with it. Knows no torch."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real
from dlstudio.training.options.named_option import NamedOption

CROSS_ENTROPY = NamedOption(
    "cross-entropy",
    "Cross-entropy",
    "How surprised the network is by the true class; takes raw scores, without a Softmax.",
    {
        "label_smoothing": Real(
            title="Label smoothing",
            help="Share of the truth spread over all classes, against overconfidence.",
            default=0.0,
            minimum=0.0,
            maximum=0.99,
        )
    },
)
BINARY = NamedOption(
    "binary",
    "Binary cross-entropy",
    "For two classes and one output neuron: a raw score, or a probability after a Sigmoid.",
)
PERCEPTRON = NamedOption(
    "perceptron",
    "Perceptron",
    "For two classes and one output neuron, a raw score: only what lies on the wrong side of 0 "
    "costs anything, and the more the farther away it lies.",
)
MSE = NamedOption(
    "mse", "Mean squared error", "Mean of the squared differences; outliers weigh most."
)
L1 = NamedOption(
    "l1", "Mean absolute error", "Mean of the differences' sizes; outliers weigh little."
)
HUBER = NamedOption(
    "huber",
    "Huber",
    "Squared for small differences, absolute for large ones.",
    {
        "delta": Real(
            title="Delta",
            help="Size of a difference from which the loss grows in a straight line.",
            default=1.0,
            minimum=1e-6,
        )
    },
)

NUMERIC_LOSSES = (MSE, L1, HUBER)
"""They compare numbers with numbers."""
SINGLE_OUTPUT_LOSSES = frozenset({BINARY.name, PERCEPTRON.name})
"""Losses that tell two classes apart by the score of one output neuron."""
