"""What the harness must be told of a kind: an input that suits it, and where torch differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import LayerKind, Signals

IMAGE = Signal((4, 12, 12))
LayerGenerator = Callable[[Random], tuple[LayerKind, Signals]]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What holds for one kind.

    Attributes:
        default_inputs: What suits the defaults: one signal for every port, or one for each by name;
            a port left out is not wired.
        axes: How many axes most drawn inputs have.
        dtype: Of most drawn inputs.
        generate: Draws a layer and its inputs where those of the declarations hardly ever fit.
        unread_ports: Ports whose values are never read, so that no gradient comes back from them.
        batch_dependence: Why its answer to a sample depends on more than the sample while training.
        refuses: What the CPU would run and the studio refuses all the same, by the problem's
            code, and why.
        omits: Arguments of torch that are no settings, and why.
        differs: Defaults that are not torch's, and why.
        accepts_anything: Nothing that is drawn is ever refused.
    """

    default_inputs: Signal | Mapping[str, Signal] = IMAGE
    axes: int = 3
    dtype: str = "float32"
    generate: LayerGenerator | None = None
    unread_ports: frozenset[str] = frozenset()
    batch_dependence: str = ""
    refuses: Mapping[str, str] = field(default_factory=dict)
    omits: Mapping[str, str] = field(default_factory=dict)
    differs: Mapping[str, str] = field(default_factory=dict)
    accepts_anything: bool = False


ZERO_NORM: Mapping[str, str] = {
    "zero-norm": "initial weights are no part of a call; with zeros, 0 would be divided by 0"
}
"""What every kind with a weight norm refuses, and why."""

OMITTED: Mapping[str, str] = {
    "device": "chosen by the run",
    "dtype": "mixed precision is chosen by the run",
    "inplace": "would overwrite what other wires still read",
}
"""Arguments of torch that are nowhere settings, and why."""
