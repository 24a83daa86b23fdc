"""The input of views with the input `trace`: all values of one real training step.

Does not import torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
MAX_BYTES = 256 << 20
"""Maximum size of all arrays of a trace together; omitted values are listed in its notes."""


@dataclass(frozen=True, slots=True)
class LayerCall:
    """One call of a layer. Arrays have the batch axis first, unless the layer folds it.

    Attributes:
        phase: Index of the phase of the step.
        inputs: Input tensors of the call, in order, copied before the layer could change them.
            None for an omitted tensor.
        outputs: Output tensors, in order; None for an omitted tensor.
        output_gradients: Gradient of the phase's loss with respect to each output. None if there
            was no gradient, or it was omitted.
    """

    phase: int
    inputs: tuple[Array | None, ...]
    outputs: tuple[Array | None, ...]
    output_gradients: tuple[Array | None, ...]


@dataclass(frozen=True, slots=True)
class ParameterTrace:
    """A parameter in the step.

    Attributes:
        before: Value before the step.
        after: Value after the step, of the same shape.
        gradients: Gradient in each phase of the step, before clipping, of the same shape; None
            for a phase that does not train the parameter.
    """

    before: Array
    after: Array
    gradients: tuple[Array | None, ...]


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """A layer in the step.

    Attributes:
        calls: Calls in order: several if the layer is repeated with shared weights or the step has
            several phases; none if the step does not use the layer.
        parameters: Parameters by their name in the layer, such as `weight`.
    """

    calls: tuple[LayerCall, ...] = ()
    parameters: Mapping[str, ParameterTrace] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhaseTrace:
    """A phase of the step.

    Attributes:
        name: Name in the task; `all` for a single phase.
        loss: Mean loss of the batch.
    """

    name: str
    loss: float


@dataclass(frozen=True, slots=True)
class StepTrace:
    """One real training step.

    Attributes:
        step: Number of the step, from 1.
        epoch: Number of its epoch, from 1.
        phases: Phases in order; only adversarial tasks have more than one.
        batch: Normalised inputs by role, with the batch axis first.
        target: Target of the batch, with the batch axis first, or None.
        layers: Layers by dotted path, in the order of the networks.
        notes: Messages for the user about omitted values.
    """

    step: int
    epoch: int
    phases: tuple[PhaseTrace, ...]
    batch: Mapping[str, Array | None]
    target: Array | None
    layers: Mapping[str, LayerTrace]
    notes: tuple[str, ...] = ()

    @property
    def loss(self) -> float:
        """The loss of the first phase, which the curves show; NaN without phases."""
        return self.phases[0].loss if self.phases else float(np.nan)
