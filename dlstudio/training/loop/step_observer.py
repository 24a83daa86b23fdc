"""What looks into single steps of a run, beside those that observe the network between steps.

Imports no particular observer.
"""

from __future__ import annotations

from typing import Any

from dlstudio.data.core.batches import Batch
from dlstudio.training.loop.observer import RunView
from dlstudio.training.metrics.batch_result import BatchResult, Phase


class StepObserver:
    """Looks into the steps that it wants, without any effect on training.

    The calls of one step, in order: `begin_step`; for each phase of the task `begin_phase`,
    `after_forward`, and `after_backward` if the phase updates weights; `end_step`; `close`. The
    networks are in training mode and hold the weights that are trained, not their averages. Hooks
    may be registered; they copy and return nothing, and `close` removes them. No forward pass may
    run, and no random number may be drawn.
    """

    name = ""

    def wants_step(self, step: int) -> bool:
        """Whether to look into the next step, whose number from 1 is `step`."""
        raise NotImplementedError

    def begin_step(self, view: RunView) -> None:
        """See the network before the step; `view.step` counts the steps before it."""

    def begin_phase(self, batch: Batch, phase: Phase) -> None:
        """See the batch, before the forward pass of a phase."""

    def after_forward(self, result: BatchResult) -> None:
        """See the loss of a phase, before the backward pass."""

    def after_backward(self, view: RunView) -> None:
        """See the gradients of a phase, before they are clipped and the weights change."""

    def end_step(self, view: RunView) -> Any | None:
        """Return an observation as a frozen, torch-free value; the weights have changed."""
        return None

    def close(self) -> None:
        """Let go of the network; called after each step it began, also where that failed."""
