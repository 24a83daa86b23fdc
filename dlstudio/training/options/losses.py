"""Losses that several tasks share; each task lists its own. Does not import torch."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Real
from dlstudio.training.options.named_option import NamedOption

CROSS_ENTROPY = NamedOption(
    "cross-entropy",
    "Cross-entropy",
    "Negative log-likelihood of the true class; takes raw scores, without a Softmax.",
    {
        "label_smoothing": Real(
            title="Label smoothing",
            help="Share of the target spread over all classes; reduces overconfidence.",
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
    "For two classes and one output neuron, a raw score: only scores on the wrong side of 0 "
    "contribute, in proportion to their distance from 0.",
)
MSE = NamedOption(
    "mse", "Mean squared error", "Mean of the squared differences; sensitive to outliers."
)
L1 = NamedOption(
    "l1", "Mean absolute error", "Mean of the absolute differences; robust to outliers."
)
HUBER = NamedOption(
    "huber",
    "Huber",
    "Squared for small differences, linear for large ones.",
    {
        "delta": Real(
            title="Delta",
            help="Difference above which the loss grows linearly.",
            default=1.0,
            minimum=1e-6,
        )
    },
)

NUMERIC_LOSSES = (MSE, L1, HUBER)
"""Losses that compare numbers with numbers."""
SINGLE_OUTPUT_LOSSES = frozenset({BINARY.name, PERCEPTRON.name})
"""Losses for two classes and a single output neuron."""
