"""Why the first network has another size than the one shown before. Imports no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from dlstudio.training.specs.first_network import FirstNetwork, NetworkPart


def size_remark(before: FirstNetwork | None, now: FirstNetwork | None) -> str:
    """Return why the hidden layers became wider or narrower; empty if they did not.

    Only networks of rows of numbers are compared: the width of others does not follow the inputs.
    """
    if before is None or now is None:
        return ""
    widths, inputs = (
        [_size(network.parts, kind) for network in (before, now)] for kind in ("linear", "input")
    )
    if 0 in (*widths, *inputs) or widths[0] == widths[1]:
        return ""
    text = f"Now {widths[1]:,} units instead of {widths[0]:,}"
    if inputs[0] == inputs[1]:
        return f"{text}: the number of training samples or classes has changed."
    fewer, more = ("fewer", "more") if inputs[1] < inputs[0] else ("more", "fewer")
    return (
        f"{text}: {fewer} inputs ({inputs[1]:,} instead of {inputs[0]:,}) need {fewer} parameters "
        f"a unit, so {more} units fit the same number of samples."
    )


def _size(parts: Sequence[NetworkPart], kind: str) -> int:
    """Return the size of the first part of a kind, 0 if it is no plain number."""
    size = next((part.size for part in parts if part.kind == kind), "")
    return int(size) if size.isdecimal() else 0
