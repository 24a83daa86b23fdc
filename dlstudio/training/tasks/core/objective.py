"""What the loop asks of any task: which phases a step has, what a batch costs, how it is scored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled, Component
from dlstudio.training.metrics.batch_result import SINGLE_PHASE, BatchResult, Phase
from dlstudio.training.metrics.metrics import MeanMetrics, Metric
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.tasks.core.latent_space import LatentSpace


class Objective(ABC):
    """One task over the compiled networks of a design.

    Attributes:
        task: Its name in the table of tasks.
        compiled: The networks.
        main: The one that answers: what a look inside shows first.
        averaging_decay: Decay of the running averages of the weights, which then are evaluated, shown
            and kept in place of the last ones; 0 for none.
    """

    averaging_decay: float = 0.0
    metric_names: tuple[str, ...] = ()
    """Names of `Scored.figures`."""
    role: str = ""
    """Role of the Output of `main` that answers; where none has it, the first one does."""

    def __init__(
        self, training: TrainingSettings, compiled: Compiled, main: Component | None = None
    ) -> None:
        """Take the networks, of which there is one unless `main` is told.

        Raises:
            CompileError: There are several networks.
        """
        self.task = training.task
        self.compiled = compiled
        self.main = compiled.single if main is None else main

    def phases(self, step: int) -> tuple[Phase, ...]:
        """Return the phases of the step after `step` done ones, in their order."""
        del step
        return SINGLE_PHASE

    @abstractmethod
    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return what a batch costs in a phase.

        Args:
            batch: Normalised inputs by role, and the target.
            phase: One of `phases`.
            generator: What random numbers are drawn from; None takes the device's own, which the
                loop seeds for each step.
        """

    def evaluate(self, batch: Batch, generator: torch.Generator) -> BatchResult:
        """Return what a batch costs when nothing learns."""
        return self.score(batch, SINGLE_PHASE[0], generator)

    def create_metrics(self, device: torch.device, *, cheap: bool = False) -> Metric:
        """Return an empty tally; a light one leaves out what costs time in every step."""
        del cheap
        return MeanMetrics(device, self.metric_names)

    def dry_run(self, batch: Batch) -> None:
        """Score two samples without learning from them: the last net below the check of a design.

        Raises:
            TrainingError: Something about the samples that only running them shows is wrong.
        """
        device = next(iter(batch.inputs.values())).device
        self.evaluate(batch, torch.Generator(device).manual_seed(0))

    def select_output(self, results: tuple[Tensor, ...]) -> Tensor:
        """Return the result of `main` that answers."""
        return results[output_index(self.main, self.role)]

    def fill_inputs(self, component: Component, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return inputs by role with those added that the task itself supplies.

        For looks at a network between two steps: what is added is the same each time.
        """
        del component
        return dict(inputs)

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples | None:
        """Return what the networks make of their own, None where the task makes nothing.

        Called without gradients and with the networks in evaluation mode. What is drawn comes
        from a generator of `request.seed` alone.

        Args:
            request: What is wanted.
            batch: A few normalised samples to start from or to stand beside.
        """
        del request, batch
        return None

    def latent_space(self, request: SampleRequest, batch: Batch) -> LatentSpace:
        """Return the space in which a sample can be moved, from the place of the first one.

        Args:
            request: Its seed and its class are used.
            batch: Normalised samples, enough of them to tell how far their codes spread.

        Raises:
            TrainingError: There is no such space; the text says why.
        """
        del request, batch
        raise TrainingError("This task makes no samples out of latent numbers.")

    def to_predictions(self, output: Tensor, classes: int) -> Tensor | None:
        """Return one sample's class probabilities or predicted values (N,), None for neither."""
        del output, classes
        return None


def ordered_inputs(inputs: Mapping[str, Tensor], component: Component) -> list[Tensor]:
    """Return the inputs in the network's order.

    Raises:
        TrainingError: The network asks for a role that is not offered.
    """
    roles = [binding.role for binding in component.inputs]
    missing = [role for role in roles if role not in inputs]
    if missing:
        raise TrainingError(
            f"The network has an input for {missing[0]!r}, but the data set offers "
            f"{', '.join(map(repr, inputs))} only. Change the input's role or the data set."
        )
    return [inputs[role] for role in roles]


def by_role(component: Component, results: Tensor | tuple[Tensor, ...]) -> dict[str, Tensor]:
    """Return a network's results by the role of their Output, the first of each role."""
    tensors: Sequence[Tensor] = (results,) if isinstance(results, Tensor) else results
    results_by_role: dict[str, Tensor] = {}
    for binding, result in zip(component.outputs, tensors, strict=True):
        results_by_role.setdefault(binding.role, result)
    return results_by_role


def output_index(component: Component, role: str) -> int:
    """Return the number of the first result of a role; 0 where there is none."""
    roles = [binding.role for binding in component.outputs]
    return roles.index(role) if role in roles else 0


def forward_by_role(component: Component, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Run a network on inputs by role; return its results by role.

    Raises:
        TrainingError: The network asks for a role that is not offered.
    """
    return by_role(component, component.module(*ordered_inputs(inputs, component)))
