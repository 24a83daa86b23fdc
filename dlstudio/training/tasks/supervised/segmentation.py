"""Segmentation: a class for each pixel of a picture."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.metrics.segmentation_metrics import SegmentationMetrics
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.tasks.core.losses import loss_function, loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role
from dlstudio.training.tasks.core.output_checks import require_outputs, sample_shape_text

_SAMPLES, _ROLE = "samples", "per-pixel scores"


class Segmentation(Objective):
    """Cross-entropy of scores `(B, C, H, W)` against masks `(B, H, W)`, a mean over all pixels.

    A task of its own and no form of classification: it reads another Output, its target is a
    mask, and it is measured by other figures.
    """

    metric_names = ("pixel_accuracy",)
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Choose the loss.

        Raises:
            TrainingError: Task and loss do not go together, or a setting is wrong.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self._loss = loss_function(training.loss, loss_settings(training))

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return what a batch costs.

        Raises:
            TrainingError: The data has no masks.
        """
        del phase, generator
        target = _mask_of(batch)
        scores = forward_by_role(self.main, batch.inputs)[_ROLE]
        accuracy = (scores.detach().argmax(1) == target).float().mean()
        loss = self._loss(scores, target)
        return BatchResult(loss, len(target), scores, target, {"pixel_accuracy": accuracy})

    def create_metrics(self, device: torch.device, *, cheap: bool = False) -> SegmentationMetrics:
        """Return an empty tally; a light one leaves the intersections out."""
        return SegmentationMetrics(device, cheap=cheap)

    def dry_run(self, batch: Batch, classes: int) -> None:
        """Refuse scores that are not one for each class and pixel."""
        target = _mask_of(batch)
        results = forward_by_role(self.main, batch.inputs)
        require_outputs(results, self.task)
        scores = results[_ROLE]
        if scores.ndim != target.ndim + 1 or scores.shape[2:] != target.shape[1:]:
            raise TrainingError(
                f"The network gives {sample_shape_text(scores)} for a mask of {sample_shape_text(target)}. "
                "Let its layers keep height and width, or bring them back."
            )
        if scores.shape[1] < max(classes, 2):
            raise TrainingError(
                f"The network gives {scores.shape[1]} scores for each pixel, but the data has "
                f"{classes} classes. Let the last layer have as many filters as there are classes."
            )

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return the class that the network tells for each pixel, beside picture and mask."""
        inputs = {role: tensor[: request.count] for role, tensor in batch.inputs.items()}
        predicted = forward_by_role(self.main, inputs)[_ROLE].argmax(1)
        target = {} if batch.target is None else {"wanted": batch.target[: request.count]}
        return GeneratedSamples("masks", {"given": inputs[_SAMPLES], **target, "made": predicted})


def _mask_of(batch: Batch) -> Tensor:
    if batch.target is None or batch.target.ndim < 2:
        raise TrainingError(
            "Segmentation needs a mask for each picture, and this data has none. Choose data "
            "with masks, such as Shapes or your own folder of pictures and masks."
        )
    return batch.target
