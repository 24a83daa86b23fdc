"""A run's machinery: one step, one epoch, and the state to go back to. Tells nobody anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from dlstudio.data.batches import Batch, Batches
from dlstudio.data.parts import DataSet
from dlstudio.design.model import Project
from dlstudio.network.compile import Compiled
from dlstudio.network.dropout import set_dropout
from dlstudio.training.averages import Averages
from dlstudio.training.checkpoint import (
    Capture,
    below,
    copies,
    module_tensors,
    optimiser_state,
    put_back,
    restore_optimisers,
)
from dlstudio.training.devices import Precision
from dlstudio.training.evaluate import evaluate
from dlstudio.training.learners import Learner
from dlstudio.training.objective import Objective, Phase, Scored
from dlstudio.training.plan import Plan
from dlstudio.training.schedules import Moment
from dlstudio.training.seeding import StepSeed
from dlstudio.training.state import LoopState


class Diverged(Exception):
    """A loss or a weight is not finite any more, at `step` or before."""

    def __init__(self, step: int) -> None:
        """Keep the step."""
        super().__init__(f"the loss is not finite at step {step}")
        self.step = step


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a run is made of and what never changes while it lasts.

    Attributes:
        project: As trained: with the seed, epochs and device that were asked for.
        batches: Training batches; `evaluated` the other parts by name.
        marked: Of a part by name those samples that bear a mark, by the mark's name.
        warnings: Lines a person should read.
    """

    project: Project
    compiled: Compiled
    data: DataSet
    device: torch.device
    threads: int
    objective: Objective
    learners: tuple[Learner, ...]
    batches: Batches
    evaluated: Mapping[str, Batches]
    precision: Precision
    warnings: tuple[str, ...] = ()
    marked: Mapping[str, Mapping[str, Batches]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step's figures, still on the device."""

    loss: Tensor
    rate: float
    samples: int
    gradient_norm: Tensor | None


@dataclass(slots=True)
class Clock:
    """Time spent since it was last asked."""

    _at: float = field(default_factory=time.perf_counter)

    def lap(self) -> float:
        """Return the seconds since the call before."""
        before, self._at = self._at, time.perf_counter()
        return self._at - before


class Run:
    """A network on its way, between two steps at any time it is asked."""

    def __init__(self, equipment: Equipment, plan: Plan, state: LoopState) -> None:
        """Stand at the state given, with the network's weights as they are."""
        self.equipment = equipment
        self.state = state
        self.training = equipment.project.training
        self.module = equipment.compiled.module
        self.tally = equipment.objective.tally(equipment.device, light=True)
        self.best: dict[str, Tensor] | None = None
        decay = equipment.objective.averaging
        self._averages = Averages(self.module, decay) if decay else None
        self.clock = Clock()
        self._reseed = StepSeed(self.training.seed, equipment.device)
        self._order: tuple[int, Tensor] | None = None
        self.impose(plan)

    @property
    def epoch_over(self) -> bool:
        """Whether all batches of the epoch under way were seen."""
        return self.state.index >= self.equipment.batches.steps

    @property
    def epoch_under_way(self) -> int:
        """The epoch's number from 1; just after an epoch, that epoch's."""
        return max(self.state.epoch + (1 if self.state.index else 0), 1)

    def impose(self, plan: Plan) -> None:
        """Make the network and its learners follow a plan."""
        self.plan = plan
        for path, probability in plan.dropout.items():
            set_dropout(self.module.get_submodule(path), probability)
        for frozen in (False, True):
            for path in plan.layers:
                if (path in plan.frozen) is frozen:
                    self.module.get_submodule(path).requires_grad_(not frozen)
        for optimiser in self.equipment.learners:
            optimiser.adopt(plan.groups[optimiser.number])
        self._learning = False

    def rest(self) -> None:
        """Put the network into evaluation mode; the next step takes it out of it."""
        self.module.eval()
        self._learning = False

    def step(
        self, *, measure: bool = False, between: Callable[[], None] | None = None
    ) -> StepResult:
        """Learn from the next batch.

        Args:
            measure: Whether to measure the gradient's norm.
            between: Called after the backward pass, before the optimisers.
        """
        self._learn()
        self._reseed(self.state.step)
        batch = self.next_batch()
        norm = None
        rate = self._set_rates()
        first_result: Scored | None = None
        for phase in self.equipment.objective.phases(self.state.step):
            result = self.forward(batch, phase)
            if result.loss.requires_grad:
                norm = self._update(result.loss, phase, measure, between)
            self.tally.add(result)
            first_result = first_result or result
        assert first_result is not None
        if self._averages is not None:
            self._averages.update(self.state.step)
        self.state.step += 1
        self.state.index += 1
        return StepResult(first_result.loss.detach(), rate, first_result.samples, norm)

    def next_batch(self) -> Batch:
        """Return the batch that the next step sees."""
        state, batches, seed = self.state, self.equipment.batches, self.training.seed
        if self._order is None or self._order[0] != state.epoch:
            self._order = (state.epoch, batches.order(seed, state.epoch))
        return batches.batch(self._order[1], state.index, seed=seed, step=state.step)

    def forward(self, batch: Batch, phase: Phase) -> Scored:
        """Return what a batch costs in a phase of the step."""
        with self.equipment.precision.forward():
            return self.equipment.objective.score(batch, phase)

    def _learn(self) -> None:
        if self._learning:
            return
        self.module.train()
        for path in self.plan.frozen:
            self.module.get_submodule(path).eval()
        self._learning = True

    def _set_rates(self) -> float:
        state = self.state
        span = self.plan.span_of(state.epoch)
        moment = Moment(state.step, span, self.equipment.batches.steps)
        first_rate: float | None = None
        for optimiser in self.equipment.learners:
            rate = optimiser.rate(moment, state.plateaus[optimiser.number].factor)
            optimiser.set_rate(rate)
            first_rate = rate if first_rate is None else first_rate
        return first_rate or 0.0

    def _update(
        self, loss: Tensor, phase: Phase, measure: bool, between: Callable[[], None] | None
    ) -> Tensor | None:
        scaler, all_optimisers = self.equipment.precision.scaler, self.equipment.learners
        optimisers = all_optimisers
        parameters: list[nn.Parameter] | None = None
        if phase.groups is not None:
            optimisers = tuple(
                optimiser for optimiser in all_optimisers if optimiser.number in phase.groups
            )
            parameters = _learning_in(optimisers)
            if not parameters:
                return None
        (loss if scaler is None else scaler.scale(loss)).backward(inputs=parameters)
        if scaler is not None:
            for optimiser in optimisers:
                if any(True for _ in optimiser.gradients()):
                    scaler.unscale_(optimiser.optimiser)
        norm = self._gradient_norm() if measure else None
        if between is not None:
            between()
        for optimiser in optimisers:
            optimiser.clip()
            if scaler is None:
                optimiser.optimiser.step()
            elif any(True for _ in optimiser.gradients()):
                scaler.step(optimiser.optimiser)
        for optimiser in all_optimisers:
            optimiser.forget_gradients()
        if scaler is not None:
            scaler.update()
        return norm

    def _gradient_norm(self) -> Tensor:
        gradients = [
            gradient for optimiser in self.equipment.learners for gradient in optimiser.gradients()
        ]
        return nn.utils.get_total_norm(gradients)

    def is_finite(self) -> bool:
        """Whether all weights are; waits for the device."""
        floats = [
            parameter for parameter in self.module.parameters() if parameter.is_floating_point()
        ]
        return bool(torch.isfinite(nn.utils.get_total_norm(floats)))

    def answering(self) -> AbstractContextManager[None]:
        """Let the weights that count, averaged ones where such are kept, stand in the module."""
        return nullcontext() if self._averages is None else self._averages.in_place()

    def answer_tensors(self) -> dict[str, Tensor]:
        """Return the weights and statistics that count, by name; not copies."""
        return module_tensors(self.module) if self._averages is None else self._averages.tensors()

    def settle(self) -> None:
        """Put the weights that count into the module for good: nothing more will be learnt."""
        if self._averages is not None:
            put_back(self._averages.tensors(), self.module)
            self._averages = None

    def evaluate(self, part: str) -> dict[str, float]:
        """Return the figures of a part, and but for the loss those of its marked samples alone.

        The part's name stands before each, then the mark's: `test_negated_accuracy`.
        """
        subgroups = self.equipment.marked.get(part, {})
        self._learning = False
        with self.answering():
            metrics = self._figures(self.equipment.evaluated[part])
            for group, batches in subgroups.items():
                group_metrics = self._figures(batches)
                metrics.update(
                    {
                        f"{group}_{name}": group_metrics[name]
                        for name in group_metrics
                        if name != "loss"
                    }
                )
        return {f"{part}_{name}": value for name, value in metrics.items()}

    def _figures(self, batches: Batches) -> dict[str, float]:
        equipment = self.equipment
        return evaluate(
            self.module, batches, equipment.objective, equipment.precision, self.training.seed
        )

    def capture(self) -> Capture:
        """Return copies of everything that the next steps depend on."""
        optimiser_tensors, rows = optimiser_state(self.equipment.learners)
        tensors = {f"module.{name}": tensor for name, tensor in module_tensors(self.module).items()}
        tally = {f"tally.{name}": tensor for name, tensor in self.tally.tensors().items()}
        averaged = {} if self._averages is None else self._averages.tensors()
        averages = {f"average.{name}": tensor for name, tensor in averaged.items()}
        scaler = self.equipment.precision.scaler
        values = {
            "state": self.state.as_json(),
            "optimiser_values": rows,
            "scaler": {} if scaler is None else scaler.state_dict(),
        }
        return Capture(copies({**tensors, **optimiser_tensors, **tally, **averages}), values)

    def restore(self, capture: Capture) -> None:
        """Go back, or on, to a capture."""
        put_back(below(capture.tensors, "module"), self.module)
        restore_optimisers(self.equipment.learners, capture)
        self.tally.load(below(capture.tensors, "tally"))
        if self._averages is not None:
            self._averages.load(below(capture.tensors, "average"))
        self.state = LoopState.from_json(capture.values["state"])
        scaler = self.equipment.precision.scaler
        if scaler is not None and capture.values["scaler"]:
            scaler.load_state_dict(capture.values["scaler"])


def _learning_in(learners: Sequence[Learner]) -> list[nn.Parameter]:
    """Return what gradients are wanted for: nothing is computed for the other groups."""
    return [
        parameter
        for optimiser in learners
        for parameter in optimiser.parameters
        if parameter.requires_grad
    ]
