"""The protocol of observers of single training steps; `observer.py` is for those between steps.

Imports no particular observer.
"""

from __future__ import annotations

from typing import Any

from dlstudio.data.core.batches import Batch
from dlstudio.training.loop.observer import RunView
from dlstudio.training.metrics.batch_result import BatchResult, Phase


class StepObserver:
    """Observes selected training steps without any effect on training.

    The calls of a step, in order: `begin_step`; for each phase of the task `begin_phase`,
    `after_forward`, and `after_backward` if the phase updates weights; `end_step`; `close`. The
    networks are in training mode, with the trained weights instead of their averages. Hooks may be
    registered if they return nothing and `close` removes them. An observer must not run a forward
    pass and must not draw random numbers.
    """

    name = ""

    def wants_step(self, step: int) -> bool:
        """Whether to observe the next step; `step` is its number, from 1."""
        raise NotImplementedError

    def begin_step(self, view: RunView) -> None:
        """Called before the step; `view.step` is the number of completed steps."""

    def begin_phase(self, batch: Batch, phase: Phase) -> None:
        """Called before the forward pass of a phase."""

    def after_forward(self, result: BatchResult) -> None:
        """Called before the backward pass of a phase."""

    def after_backward(self, view: RunView) -> None:
        """Called with the gradients of a phase, before clipping and the weight update."""

    def end_step(self, view: RunView) -> Any | None:
        """Return the observation as a frozen, torch-free value; called after the weight update."""
        return None

    def close(self) -> None:
        """Release the network; called after each step that was begun, even if it failed."""
