"""Expectations for dense layers, inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.signals import Signal
from tests.layers.expectations.expected import ZERO_NORM, Expected

EXPECTED: Mapping[str, Expected] = {
    "input": Expected(),
    "output": Expected(),
    "linear": Expected(
        default_inputs=Signal((10,)),
        axes=1,
        refuses={
            **ZERO_NORM,
            "missing-flatten": "torch would transform each row of an image separately, which is "
            "rarely intended; after a Permute it is accepted",
        },
    ),
    "bilinear": Expected(default_inputs=Signal((10,)), axes=1),
    "embedding": Expected(
        default_inputs=Signal((5,), "int64", "tokens"),
        axes=1,
        dtype="int64",
        omits={
            "sparse": "most optimisers refuse sparse gradients",
            "max_norm": "changes the weights in forward, even frozen ones",
            "norm_type": "belongs to max_norm",
            "_weight": "weights come from the weights file",
            "_freeze": "covered by the setting frozen",
        },
    ),
}
