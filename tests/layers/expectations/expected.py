"""What the tests expect of a layer kind: valid inputs, and differences from torch."""

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
    """Expectations for one layer kind.

    Attributes:
        default_inputs: Valid inputs for the default settings: one signal for every port, or one
            per port name; omitted ports are not wired.
        axes: Number of axes of most random inputs.
        dtype: Dtype of most random inputs.
        generate: Generates a layer with inputs, for kinds whose random inputs rarely match.
        unread_ports: Ports whose values are not read and so get no gradient.
        batch_dependence: Why an output depends on more than its sample while training.
        refuses: Reasons, by problem code, for refusing inputs that run on the CPU.
        omits: Reasons, by name, for leaving out arguments of torch.
        differs: Reasons, by name, for defaults that differ from torch's.
        accepts_anything: Whether no random input is refused.
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
    "zero-norm": "the run does not apply the initialisation; zeros would give 0 divided by 0"
}
"""What every kind with a weight norm refuses."""

OMITTED: Mapping[str, str] = {
    "device": "chosen by the run",
    "dtype": "mixed precision is chosen by the run",
    "inplace": "would overwrite tensors that other wires read",
}
"""Arguments of torch that are never settings."""
