"""Segmentation: a class for each pixel of an image."""

from __future__ import annotations

import torch

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.baseline import share_of_most_common
from dlstudio.training.metrics.batch_result import BatchResult, Phase, Proportion
from dlstudio.training.metrics.segmentation_metrics import SegmentationMetrics
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.tasks.core.class_weights import weighted_loss
from dlstudio.training.tasks.core.losses import LossFunction, loss_function, loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role
from dlstudio.training.tasks.core.output_checks import target_of

_SAMPLES, _ROLE = "samples", "per-pixel scores"


class Segmentation(Objective):
    """Cross-entropy of scores `(B, C, H, W)` against masks `(B, H, W)`, averaged over all pixels.

    Pixels of class `IGNORE_INDEX` count neither in the loss nor in the metrics.
    A separate task from classification, because its Output, target and metrics differ.
    """

    metric_names = ("pixel_accuracy",)
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose the loss.

        Raises:
            ValueError: The task does not support the loss, or a setting is invalid.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self._loss = loss_function(training.loss, loss_settings(training))
        self._loss_of_pixels = loss_function(
            training.loss, loss_settings(training), reduction="none"
        )

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of a batch, with the weights of the classes of its pixels.

        Raises:
            TrainingError: The data has no masks.
        """
        del phase, generator
        weights = self.class_weights
        if weights is None:
            return self._score(batch, self._loss)
        return self._score(batch, weighted_loss(self._loss_of_pixels, weights))

    def evaluate(self, batch: Batch, generator: torch.Generator) -> BatchResult:
        """Return the loss of a batch, in which every pixel counts equally."""
        del generator
        return self._score(batch, self._loss)

    def _score(self, batch: Batch, loss_of: LossFunction) -> BatchResult:
        target = target_of(batch)
        scores = forward_by_role(self.main, batch.inputs)[_ROLE]
        counted = (target != IGNORE_INDEX).sum()
        correct = (scores.detach().argmax(1) == target).sum()
        loss = loss_of(scores, target)
        loss = torch.where(counted > 0, loss, torch.zeros_like(loss))
        metrics = {"pixel_accuracy": Proportion(correct, counted)}
        return BatchResult(loss, len(target), scores, target, metrics, counted)

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return what predicting the most common class for every pixel reaches.

        With weights of the classes, a lower accuracy is intended.
        """
        if self.class_weights is not None:
            return {}
        return {"pixel_accuracy": share_of_most_common(target_of(train), target_of(batch))}

    def create_metrics(self, device: torch.device, *, cheap: bool = False) -> SegmentationMetrics:
        """Return new metrics; `cheap` omits the intersection over union."""
        return SegmentationMetrics(device, cheap=cheap)

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return images, masks and the predicted class of each pixel."""
        inputs = {role: tensor[: request.count] for role, tensor in batch.inputs.items()}
        predicted = forward_by_role(self.main, inputs)[_ROLE].argmax(1)
        target = {} if batch.target is None else {"wanted": batch.target[: request.count]}
        return GeneratedSamples("masks", {"given": inputs[_SAMPLES], **target, "made": predicted})
