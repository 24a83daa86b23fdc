"""The input of views with the input `trace`: all that happened in one real training step.

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
"""Size of all arrays of a trace together; what goes beyond is left out, and named."""


@dataclass(frozen=True, slots=True)
class LayerCall:
    """One call of a layer. Arrays have the batch axis first, unless the layer folds it.

    Attributes:
        phase: Index of the phase of the step.
        inputs: Tensors that the layer was called with, in order, before it could change them. None
            stands for a tensor that was left out.
        outputs: Tensors that it returned, in order; likewise.
        output_gradients: Of the loss of the phase with respect to each output. None if no
            gradient came back, or it was left out.
    """

    phase: int
    inputs: tuple[Array | None, ...]
    outputs: tuple[Array | None, ...]
    output_gradients: tuple[Array | None, ...]


@dataclass(frozen=True, slots=True)
class ParameterTrace:
    """A parameter in the step.

    Attributes:
        before: Its value before the step.
        after: Its value after the step, of the same shape.
        gradients: Its gradient in each phase of the step, before clipping, of the same shape; None
            where the phase does not train it.
    """

    before: Array
    after: Array
    gradients: tuple[Array | None, ...]


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """A layer in the step.

    Attributes:
        calls: In the order in which they happened: several where the layer is repeated with shared
            weights, or the step has several phases; none where the step does not need the layer.
        parameters: By their name within the layer, such as `weight`.
    """

    calls: tuple[LayerCall, ...] = ()
    parameters: Mapping[str, ParameterTrace] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhaseTrace:
    """A phase of the step.

    Attributes:
        name: Its name in the task; `all` where there is but one.
        loss: Mean over the batch.
    """

    name: str
    loss: float


@dataclass(frozen=True, slots=True)
class StepTrace:
    """One real training step.

    Attributes:
        step: Its number, from 1.
        epoch: The epoch it belongs to, from 1.
        phases: In order; one, but of adversarial tasks.
        batch: Normalised inputs by role, with the batch axis first.
        target: What the network should give for them, with the batch axis first; or None.
        layers: By dotted path, in the order of the networks.
        notes: What was left out and why, in words.
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
        """The loss of the first phase, which curves show; NaN where nothing was trained."""
        return self.phases[0].loss if self.phases else float(np.nan)
