"""The protocol of tasks: phases of a step, the loss of a batch, metrics and samples."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.normaliser import Affine
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled, Component
from dlstudio.training.metrics.batch_result import SINGLE_PHASE, BatchResult, Phase
from dlstudio.training.metrics.metrics import MeanMetrics, Metric
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.protocol.errors import MisfitError, TrainingError
from dlstudio.training.tasks.core.latent_space import LatentSpace


class Objective(ABC):
    """One task over the compiled networks of a design.

    Attributes:
        task: Its name in the registry of tasks.
        compiled: The networks.
        main: The network that makes predictions, which views show first.
        target_scale: Standardises the values that a regression learns; None leaves them.
        class_counts: Number of training samples of each class; None without classes.
        class_weights: Weight of each class or label in the training loss; None for equal ones.
        averaging_decay: Decay of the moving averages of the weights, which are then evaluated,
            shown and saved instead of the last weights; 0 for none.
    """

    target_scale: Affine | None = None
    class_counts: Tensor | None = None
    class_weights: Tensor | None = None
    averaging_decay: float = 0.0
    metric_names: tuple[str, ...] = ()
    """Keys of `BatchResult.metrics`."""
    role: str = ""
    """Role of the Output of `main` with the prediction; without one, the first Output."""

    def __init__(
        self, training: TrainingSettings, compiled: Compiled, main: Component | None = None
    ) -> None:
        """Store the networks; there must be a single one unless `main` is given.

        Raises:
            CompileError: There are several networks and no `main`.
        """
        self.task = training.task
        self.compiled = compiled
        self.main = compiled.single if main is None else main

    def phases(self, step: int) -> tuple[Phase, ...]:
        """Return the phases of a step, in order; `step` counts from 0."""
        del step
        return SINGLE_PHASE

    @abstractmethod
    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss and outputs of a batch in a phase.

        Args:
            batch: Normalised inputs by role, and the target.
            phase: One of `phases`.
            generator: Random generator; None uses the device's default one, which the loop seeds
                for each step.
        """

    def evaluate(self, batch: Batch, generator: torch.Generator) -> BatchResult:
        """Return the loss and outputs of a batch in evaluation."""
        return self.score(batch, SINGLE_PHASE[0], generator)

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return metrics of a batch, by name, that a constant prediction reaches.

        Args:
            train: Training samples, for which the constant is chosen.
            batch: The samples to predict.
        """
        del train, batch
        return {}

    def create_metrics(self, device: torch.device, *, cheap: bool = False) -> Metric:
        """Return new metrics; `cheap` omits those that would slow down every step."""
        del cheap
        return MeanMetrics(device, self.metric_names)

    def dry_run(self, batch: Batch) -> None:
        """Evaluate two samples, to detect mismatches that only running the network shows.

        Raises:
            TrainingError: The outputs do not match the task or the data.
        """
        device = next(iter(batch.inputs.values())).device
        self.evaluate(batch, torch.Generator(device).manual_seed(0))

    def select_output(self, results: tuple[Tensor, ...]) -> Tensor:
        """Return the result of `main` with the prediction."""
        return results[output_index(self.main, self.role)]

    def fill_inputs(self, component: Component, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return inputs by role, with those added that the task itself fills.

        For views of a network between two steps: the added inputs are the same every time.
        """
        del component
        return dict(inputs)

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples | None:
        """Return samples from the networks, None if the task generates none.

        Called without gradients and with the networks in evaluation mode. Randomness depends only
        on `request.seed`.

        Args:
            request: Number and kind of samples.
            batch: A few normalised samples to start from or to compare with.
        """
        del request, batch
        return None

    def latent_space(self, request: SampleRequest, batch: Batch) -> LatentSpace:
        """Return the latent space around the first sample.

        Args:
            request: Its seed and class are used.
            batch: Normalised samples, enough to estimate the range of their codes.

        Raises:
            TrainingError: There is no latent space; the message says why.
        """
        del request, batch
        raise TrainingError("This task has no latent space.")

    def to_predictions(self, output: Tensor, classes: int) -> Tensor | None:
        """Return one sample's class probabilities or predicted values (N,), else None."""
        del output, classes
        return None


def ordered_inputs(inputs: Mapping[str, Tensor], component: Component) -> list[Tensor]:
    """Return the inputs in the network's order.

    Raises:
        MisfitError: The network has an Input whose role is not in `inputs`.
    """
    roles = [binding.role for binding in component.inputs]
    missing = [role for role in roles if role not in inputs]
    if missing:
        raise MisfitError(f"the data has no {missing[0]!r}, which an Input of the network takes")
    return [inputs[role] for role in roles]


def by_role(component: Component, results: Tensor | tuple[Tensor, ...]) -> dict[str, Tensor]:
    """Return a network's results by the role of their Output, the first of each role."""
    tensors: Sequence[Tensor] = (results,) if isinstance(results, Tensor) else results
    results_by_role: dict[str, Tensor] = {}
    for binding, result in zip(component.outputs, tensors, strict=True):
        results_by_role.setdefault(binding.role, result)
    return results_by_role


def output_index(component: Component, role: str) -> int:
    """Return the index of the first result of a role; 0 if there is none."""
    roles = [binding.role for binding in component.outputs]
    return roles.index(role) if role in roles else 0


def forward_by_role(component: Component, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Run a network on inputs by role; return its results by role.

    Raises:
        MisfitError: The network has an Input whose role is not in `inputs`.
    """
    return by_role(component, component.module(*ordered_inputs(inputs, component)))
