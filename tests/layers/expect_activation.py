"""What holds for activations."""

from __future__ import annotations

from collections.abc import Mapping

from expected import Expected

EXPECTED: Mapping[str, Expected] = {
    "relu": Expected(),
    "leaky_relu": Expected(),
    "elu": Expected(),
    "gelu": Expected(),
    "silu": Expected(),
    "sigmoid": Expected(takes_anything=True),
    "tanh": Expected(takes_anything=True),
    "softmax": Expected(
        differs={"dim": "torch's None is deprecated and guesses; ours is the last axis"}
    ),
}
