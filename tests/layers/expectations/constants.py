"""Expectations for layers that provide constant or learned values, and for scaling."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.signals import Signal
from tests.layers.expectations.expected import Expected

EXPECTED: Mapping[str, Expected] = {
    "one_hot": Expected(default_inputs=Signal((5,), "int64", "tokens"), axes=1, dtype="int64"),
    "l2_normalise": Expected(),
    "scale": Expected(),
    "constant": Expected(unread_ports=frozenset({"like"})),
    "shift": Expected(default_inputs=Signal((5, 8), "float32", "sequence"), axes=2),
}
