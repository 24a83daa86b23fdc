"""Contrastive learning: similar embeddings for views of one sample, different ones for others.

Source: Chen et al. 2020, "A Simple Framework for Contrastive Learning of Visual Representations"
(SimCLR), https://arxiv.org/abs/2002.05709.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.paired_views import SECOND_VIEW
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.batch_result import BatchResult, Phase, Proportion
from dlstudio.training.tasks.core.losses import loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role

_SAMPLES, _ROLE = "samples", "embedding"


class Contrastive(Objective):
    """NT-Xent over both views of a batch, which are run through the network together.

    The loss depends on the batch size: at chance level it is ln(2B − 1). Evaluation therefore uses
    the training's batch size.
    """

    metric_names = ("alignment", "retrieval")
    role = _ROLE

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Parse the temperature.

        Raises:
            ValueError: The task does not support the loss, or a setting is invalid.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self._batch_size = training.batch_size
        self._temperature = float(loss_settings(training)["temperature"])

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of the views of a batch.

        Metrics: `alignment` is the mean squared distance of two views on the unit sphere (0 to 4;
        Wang and Isola 2020), `retrieval` the share of views whose nearest other view in the batch
        is that of the same sample.
        """
        del phase, generator
        inputs = {role: torch.cat((tensor, tensor)) for role, tensor in batch.inputs.items()}
        inputs[_SAMPLES] = torch.cat((batch.inputs[_SAMPLES], batch.inputs[SECOND_VIEW]))
        embedding = forward_by_role(self.main, inputs)[_ROLE]
        with torch.autocast(embedding.device.type, enabled=False):
            similarity = cosine_similarities(embedding)
            partners = partner_indices(similarity)
            loss = functional.cross_entropy(similarity / self._temperature, partners)
        scores = similarity.detach()
        positives = scores.gather(1, partners.unsqueeze(1)).mean()
        metrics: dict[str, Tensor | Proportion] = {
            "alignment": 2 - 2 * positives,
            "retrieval": Proportion((scores.argmax(1) == partners).sum(), len(partners)),
        }
        return BatchResult(loss, len(batch.inputs[_SAMPLES]), metrics=metrics)

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return what the same embedding for every view reaches, which is chance level.

        Of 2B − 1 other views each is equally likely: the loss is ln(2B − 1). The last batch may
        be smaller. Nothing is returned if the batch size is not known yet.
        """
        del train
        samples, size = len(batch.inputs[_SAMPLES]), self._batch_size
        if size is None or not samples:
            return {}
        full, rest = divmod(samples, size)
        batches = [(full * size / samples, 2 * size - 1)]
        if rest:
            batches.append((rest / samples, 2 * rest - 1))
        return {
            "loss": sum(share * math.log(others) for share, others in batches),
            "retrieval": sum(share / others for share, others in batches),
        }


def cosine_similarities(embedding: Tensor) -> Tensor:
    """Return the cosine similarity of each pair of embeddings, with −∞ on the diagonal.

    Args:
        embedding: The first views of all samples, then the second ones, `(2B, D)`.
    """
    unit = functional.normalize(embedding.float(), dim=1)
    diagonal = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
    return (unit @ unit.T).masked_fill(diagonal, -torch.inf)


def partner_indices(similarity: Tensor) -> Tensor:
    """Return for each row of `(2B, 2B)` the index of the other view of its sample."""
    count = len(similarity)
    return torch.arange(count, device=similarity.device).roll(count // 2)
