"""Expectations for activations."""

from __future__ import annotations

from collections.abc import Mapping

from tests.layers.expectations.expected import Expected

_LAST = "torch's None is deprecated and guesses the axis; ours is the last"

EXPECTED: Mapping[str, Expected] = {
    "relu": Expected(),
    "leaky_relu": Expected(),
    "prelu": Expected(),
    "relu6": Expected(),
    "elu": Expected(),
    "selu": Expected(),
    "celu": Expected(),
    "softplus": Expected(),
    "gelu": Expected(),
    "silu": Expected(),
    "mish": Expected(),
    "hardswish": Expected(),
    "glu": Expected(),
    "swiglu": Expected(),
    "sigmoid": Expected(accepts_anything=True),
    "hardsigmoid": Expected(),
    "tanh": Expected(accepts_anything=True),
    "softsign": Expected(),
    "step": Expected(accepts_anything=True),
    "softmax": Expected(differs={"dim": _LAST}),
    "log_softmax": Expected(differs={"dim": _LAST}),
}
