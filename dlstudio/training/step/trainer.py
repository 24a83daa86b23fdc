"""The trainer: single steps, evaluation, and state to save and restore. Emits no events."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor, nn

from dlstudio.data.core.batches import Batch, Batches
from dlstudio.data.core.dataset import DataSet
from dlstudio.design.model.model import Project
from dlstudio.network.compile.compile import Compiled
from dlstudio.network.compile.dropout import set_dropout
from dlstudio.network.compile.ownership import set_frozen
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.optim.group_optimiser import GroupOptimiser
from dlstudio.training.optim.module_tensors import clone_tensors, load_tensors, module_tensors
from dlstudio.training.optim.schedules import SchedulePosition
from dlstudio.training.optim.weight_averaging import WeightAverage
from dlstudio.training.step.changing_parts import ChangingParts
from dlstudio.training.step.devices import Precision
from dlstudio.training.step.evaluate import evaluate
from dlstudio.training.step.loop_state import LoopState
from dlstudio.training.step.plan import Plan
from dlstudio.training.step.seeding import StepSeed
from dlstudio.training.storage.checkpoint import (
    TrainerState,
    optimiser_state,
    restore_optimisers,
    strip_prefix,
)
from dlstudio.training.storage.weights_origin import WeightsOrigin
from dlstudio.training.tasks.core.objective import Objective


class Diverged(Exception):
    """A loss or a weight became non-finite at `step` or before."""

    def __init__(self, step: int) -> None:
        super().__init__(f"the loss is not finite at step {step}")
        self.step = step


@dataclass(frozen=True, slots=True)
class TrainingContext:
    """The parts of a run that never change during it.

    Attributes:
        project: The project as trained, with seed, epochs and device of the options.
        evaluation_batches: Batches of validation and test subset by name.
        subgroups: Batches of the subgroups of each subset, by name of the subset and the group.
        warnings: Messages for the user.
        origin: That of the weights at the end of the run.
        leaks: Subsets with samples on which the initial weights were trained.
    """

    project: Project
    compiled: Compiled
    data: DataSet
    device: torch.device
    threads: int
    optimisers: tuple[GroupOptimiser, ...]
    evaluation_batches: Mapping[str, Batches]
    precision: Precision
    warnings: tuple[str, ...] = ()
    origin: WeightsOrigin = field(default_factory=WeightsOrigin)
    leaks: tuple[str, ...] = ()
    subgroups: Mapping[str, Mapping[str, Batches]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepResult:
    """Loss and gradient norm of a step, still on the device."""

    loss: Tensor
    rate: float
    samples: int
    gradient_norm: Tensor | None


class StepListener(Protocol):
    """Is notified of the phases of a step; must not affect them."""

    def begin_phase(self, batch: Batch, phase: Phase) -> None:
        """Called before the forward pass."""

    def after_forward(self, result: BatchResult) -> None:
        """Called before the backward pass, which may be missing if nothing is trained."""

    def after_backward(self) -> None:
        """Called after the backward pass, before gradients are clipped and weights change."""


@dataclass(slots=True)
class Clock:
    """Measures the time between calls."""

    _at: float = field(default_factory=time.perf_counter)

    def lap(self) -> float:
        """Return the seconds since the previous call."""
        before, self._at = self._at, time.perf_counter()
        return self._at - before


class Trainer:
    """Training state between two steps."""

    def __init__(
        self, context: TrainingContext, parts: ChangingParts, plan: Plan, state: LoopState
    ) -> None:
        """Start at the given state, with the current weights of the network."""
        self.context = context
        self.parts = parts
        self.state = state
        self.training = context.project.training
        self.module = context.compiled.module
        self.train_metrics = parts.objective.create_metrics(context.device, cheap=True)
        self.best: dict[str, Tensor] | None = None
        decay = parts.objective.averaging_decay
        self._weight_average = WeightAverage(self.module, decay) if decay else None
        self.clock = Clock()
        self._reseed = StepSeed(self.training.seed, context.device)
        self._order: tuple[int, Tensor] | None = None
        self.apply_plan(plan)

    @property
    def objective(self) -> Objective:
        """The task with the loss in force."""
        return self.parts.objective

    @property
    def batches(self) -> Batches:
        """Training batches of the current epoch."""
        return self.parts.batches(self.state.epoch)

    @property
    def is_epoch_over(self) -> bool:
        """Whether the current epoch has no more batches."""
        return self.state.index >= self.batches.steps

    @property
    def current_epoch(self) -> int:
        """Number of the current epoch, from 1; unchanged after its last step."""
        return max(self.state.epoch + (1 if self.state.index else 0), 1)

    def apply_plan(self, plan: Plan) -> None:
        """Apply a plan to the network and its optimisers."""
        self.plan, self.training = plan, plan.training
        self.parts.apply(plan)
        for path, probability in plan.dropout.items():
            set_dropout(self.module.get_submodule(path), probability)
        set_frozen(
            self.module,
            plan.layers,
            plan.frozen,
            self.context.compiled.ties,
            plan.frozen_parameters,
        )
        for optimiser in self.context.optimisers:
            optimiser.update_settings(plan.groups[optimiser.index])
        self._in_train_mode = False

    def set_eval_mode(self) -> None:
        """Put the network into evaluation mode until the next step."""
        self.module.eval()
        self._in_train_mode = False

    def step(
        self, *, measure_norm: bool = False, listener: StepListener | None = None
    ) -> StepResult:
        """Train on the next batch.

        Args:
            measure_norm: Whether to compute the norm of the gradients.
            listener: Notified of each phase of the step.
        """
        self._set_train_mode()
        self._reseed(self.state.step)
        batch = self.next_batch()
        norm = None
        rate = self._set_rates()
        first_result: BatchResult | None = None
        for phase in self.objective.phases(self.state.step):
            if listener is not None:
                listener.begin_phase(batch, phase)
            result = self.forward(batch, phase)
            if listener is not None:
                listener.after_forward(result)
            if result.loss.requires_grad:
                norm = self._update(result.loss, phase, measure_norm, listener)
            self.train_metrics.update(result)
            first_result = first_result or result
        assert first_result is not None
        if self._weight_average is not None:
            self._weight_average.update(self.state.step)
        self.state.step += 1
        self.state.index += 1
        return StepResult(first_result.loss.detach(), rate, first_result.samples, norm)

    def next_batch(self) -> Batch:
        """Return the batch of the next step."""
        state, batches, seed = self.state, self.batches, self.training.seed
        if self._order is None or self._order[0] != state.epoch:
            self._order = (state.epoch, batches.order(seed, state.epoch))
        return batches.batch(self._order[1], state.index, seed=seed, step=state.step)

    def forward(self, batch: Batch, phase: Phase) -> BatchResult:
        """Return the loss and outputs of a batch in a phase of the step."""
        with self.context.precision.forward():
            return self.objective.score(batch, phase)

    def _set_train_mode(self) -> None:
        if self._in_train_mode:
            return
        self.module.train()
        for path in self.plan.frozen:
            self.module.get_submodule(path).eval()
        self._in_train_mode = True

    def _set_rates(self) -> float:
        state = self.state
        span = self.plan.span_of(state.epoch)
        position = SchedulePosition(state.epoch, state.index, span, self.batches.steps)
        first_rate: float | None = None
        for optimiser in self.context.optimisers:
            rate = optimiser.learning_rate(position, state.plateaus[optimiser.index].factor)
            optimiser.set_learning_rate(rate)
            first_rate = rate if first_rate is None else first_rate
        return first_rate or 0.0

    def _update(
        self,
        loss: Tensor,
        phase: Phase,
        measure_norm: bool,
        listener: StepListener | None,
    ) -> Tensor | None:
        scaler, all_optimisers = self.context.precision.scaler, self.context.optimisers
        optimisers = all_optimisers
        parameters: list[nn.Parameter] | None = None
        if phase.groups is not None:
            optimisers = tuple(
                optimiser for optimiser in all_optimisers if optimiser.index in phase.groups
            )
            parameters = _trainable_parameters(optimisers)
            if not parameters:
                return None
        (loss if scaler is None else scaler.scale(loss)).backward(inputs=parameters)
        if scaler is not None:
            for optimiser in optimisers:
                if any(True for _ in optimiser.gradients()):
                    scaler.unscale_(optimiser.torch_optimiser)
        norm = self._gradient_norm() if measure_norm else None
        if listener is not None:
            listener.after_backward()
        for optimiser in optimisers:
            optimiser.clip_gradients()
            if scaler is None:
                optimiser.torch_optimiser.step()
            elif any(True for _ in optimiser.gradients()):
                scaler.step(optimiser.torch_optimiser)
        for optimiser in all_optimisers:
            optimiser.zero_grad()
        if scaler is not None:
            scaler.update()
        return norm

    def _gradient_norm(self) -> Tensor:
        gradients = [
            gradient for optimiser in self.context.optimisers for gradient in optimiser.gradients()
        ]
        return nn.utils.get_total_norm(gradients)

    def has_finite_weights(self) -> bool:
        """Whether all weights are finite; waits for the device."""
        floats = [
            parameter for parameter in self.module.parameters() if parameter.is_floating_point()
        ]
        return bool(torch.isfinite(nn.utils.get_total_norm(floats)))

    def evaluation_weights(self) -> AbstractContextManager[None]:
        """Put the averaged weights, if used, into the module within a context."""
        return nullcontext() if self._weight_average is None else self._weight_average.swapped_in()

    def evaluation_tensors(self) -> dict[str, Tensor]:
        """Return the weights and buffers to evaluate, averaged if used, by name; not copies."""
        return (
            module_tensors(self.module)
            if self._weight_average is None
            else self._weight_average.tensors()
        )

    def finalise_weights(self) -> None:
        """Replace the weights by their averages, if used; training ends here."""
        if self._weight_average is not None:
            load_tensors(self._weight_average.tensors(), self.module)
            self._weight_average = None

    def evaluate(self, subset: str) -> dict[str, float]:
        """Return the metrics of a subset and, except for the loss, of each of its subgroups.

        Names start with the subset, then the subgroup: `test_negated_accuracy`.
        """
        subgroups = self.context.subgroups.get(subset, {})
        self._in_train_mode = False
        with self.evaluation_weights():
            metrics = self._metrics_of(self.context.evaluation_batches[subset])
            for group, batches in subgroups.items():
                group_metrics = self._metrics_of(batches)
                metrics.update(
                    {
                        f"{group}_{name}": group_metrics[name]
                        for name in group_metrics
                        if name != "loss"
                    }
                )
        return {f"{subset}_{name}": value for name, value in metrics.items()}

    def _metrics_of(self, batches: Batches) -> dict[str, float]:
        precision, seed = self.context.precision, self.training.seed
        return evaluate(self.module, batches, self.objective, precision, seed)

    def capture_state(self) -> TrainerState:
        """Return copies of everything that later steps depend on."""
        optimiser_tensors, rows = optimiser_state(self.context.optimisers)
        tensors = {f"module.{name}": tensor for name, tensor in module_tensors(self.module).items()}
        sums = {f"tally.{name}": tensor for name, tensor in self.train_metrics.tensors().items()}
        averaged = {} if self._weight_average is None else self._weight_average.tensors()
        averages = {f"average.{name}": tensor for name, tensor in averaged.items()}
        scaler = self.context.precision.scaler
        values = {
            "state": self.state.as_json(),
            "optimiser_values": rows,
            "scaler": {} if scaler is None else scaler.state_dict(),
        }
        return TrainerState(
            clone_tensors({**tensors, **optimiser_tensors, **sums, **averages}), values
        )

    def restore(self, trainer_state: TrainerState) -> None:
        """Restore a captured state."""
        load_tensors(strip_prefix(trainer_state.tensors, "module"), self.module)
        restore_optimisers(self.context.optimisers, trainer_state)
        self.train_metrics.load(strip_prefix(trainer_state.tensors, "tally"))
        if self._weight_average is not None:
            self._weight_average.load(strip_prefix(trainer_state.tensors, "average"))
        self.state = LoopState.from_json(trainer_state.values["state"])
        scaler = self.context.precision.scaler
        if scaler is not None and trainer_state.values["scaler"]:
            scaler.load_state_dict(trainer_state.values["scaler"])


def _trainable_parameters(optimisers: Sequence[GroupOptimiser]) -> list[nn.Parameter]:
    """Return the parameters to compute gradients for; other groups are skipped."""
    return [
        parameter
        for optimiser in optimisers
        for parameter in optimiser.parameters
        if parameter.requires_grad
    ]
