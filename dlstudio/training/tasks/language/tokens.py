"""What tasks that predict tokens share: loss, metrics, sampling and checks."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.core.vocabulary import PAD
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled, Component
from dlstudio.training.metrics.baseline import share_of_most_common
from dlstudio.training.metrics.batch_result import BatchResult
from dlstudio.training.metrics.metrics import MeanMetrics, output_and_target
from dlstudio.training.metrics.sums import WeightedMeans
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.errors import MisfitError, TrainingError
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.losses import loss_settings
from dlstudio.training.tasks.core.objective import Objective, forward_by_role

TOKENS, TARGET_TOKENS, ROLE = "tokens", "target tokens", "next token"


def token_loss(scores: Tensor, target: Tensor, smoothing: float) -> BatchResult:
    """Return the cross-entropy of tokens, averaged over the positions that are not ignored.

    Args:
        scores: (N, T, V).
        target: (N, T), `IGNORE_INDEX` at positions to ignore.
        smoothing: Share of the target that is spread over all tokens.
    """
    flat, flat_target = scores.flatten(0, 1), target.flatten()

    def total(label_smoothing: float) -> Tensor:
        return functional.cross_entropy(
            flat,
            flat_target,
            ignore_index=IGNORE_INDEX,
            reduction="sum",
            label_smoothing=label_smoothing,
        )

    loss = total(smoothing)
    counted = (target != IGNORE_INDEX).sum()
    with torch.no_grad():
        nats = total(0.0) if smoothing else loss.detach()
    present = counted.clamp(min=1)
    return BatchResult(
        loss / present, len(target), scores, target, {"nats": nats / present}, counted
    )


class TokenMetrics(MeanMetrics):
    """Loss, accuracy and perplexity over the positions that are not ignored.

    Perplexity is the exponential of the mean cross-entropy: the equivalent number of equally likely
    tokens (Jelinek et al. 1977, "Perplexity, a measure of the difficulty of speech recognition
    tasks"). With `per_sequence`, also the share of samples that are entirely correct.
    """

    def __init__(self, device: torch.device, *, per_sequence: bool = False) -> None:
        """Start at zero."""
        extra = ("sequence_accuracy",) if per_sequence else ()
        super().__init__(device, extra)
        self._means = WeightedMeans(device, ("loss", "correct", "nats", *extra))
        self._per_sequence = per_sequence

    @property
    def names(self) -> tuple[str, ...]:
        """Return `loss`, `accuracy`, `perplexity` and, if measured, `sequence_accuracy`."""
        extra = ("sequence_accuracy",) if self._per_sequence else ()
        return ("loss", "accuracy", "perplexity", *extra)

    def update(self, result: BatchResult) -> None:
        super().update(result)
        output, target = output_and_target(result)
        items = result.samples if result.items is None else result.items
        correct = output.argmax(-1) == target
        self._means.add_count("correct", correct.sum(), items)
        nats = result.metrics["nats"]
        assert isinstance(nats, Tensor)
        self._means.add("nats", nats, items)
        if self._per_sequence:
            whole = (correct | (target == IGNORE_INDEX)).all(1).sum()
            self._means.add_count("sequence_accuracy", whole, result.samples)

    def compute(self) -> dict[str, float]:
        """Return `loss`, `accuracy`, `perplexity` and, if requested, `sequence_accuracy`."""
        metrics = super().compute()
        if "nats" in metrics:
            metrics["accuracy"] = metrics.pop("correct")
            metrics["perplexity"] = math.exp(min(metrics.pop("nats"), 700.0))
        return metrics


class TokenObjective(Objective):
    """The common part of the tasks that predict tokens: one network and its metrics.

    Attributes:
        title: Title of the task, for messages.
    """

    role = ROLE
    measures_sequences: ClassVar[bool] = False
    """Whether the share of entirely correct samples is measured."""

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Parse the loss's settings.

        Raises:
            ValueError: The task does not support the loss, or a setting is invalid.
            CompileError: There are several networks.
        """
        super().__init__(training, compiled)
        self.title = TASKS[self.task].title
        self._smoothing = float(loss_settings(training)["label_smoothing"])

    @abstractmethod
    def predicted_tokens(self, batch: Batch) -> Tensor:
        """Return all tokens of a batch that may have to be predicted, of any shape."""

    def constant_metrics(self, train: Batch, batch: Batch) -> dict[str, float]:
        """Return what always predicting the most common token reaches."""
        tokens = self.predicted_tokens(batch)
        return {"accuracy": share_of_most_common(self.predicted_tokens(train), tokens)}

    def create_metrics(self, device: torch.device, *, cheap: bool = False) -> TokenMetrics:
        """Return new metrics."""
        del cheap
        return TokenMetrics(device, per_sequence=self.measures_sequences)


def sample_tokens(
    scores: Tensor, request: SampleRequest, generator: torch.Generator, *, greedy: bool
) -> Tensor:
    """Return one token for each row (N,): the most likely, or a random one.

    Args:
        scores: (N, V); minus infinity for excluded tokens.
        request: Its `temperature` and `top_k` are used; a temperature of 0 is greedy.
        generator: Random generator.
        greedy: Choose the most likely token.
    """
    if greedy or request.temperature <= 0:
        return scores.argmax(-1)
    scores = scores.float() / request.temperature
    if 0 < request.top_k < scores.shape[-1]:
        threshold = scores.topk(request.top_k).values[:, -1:]
        scores = scores.masked_fill(scores < threshold, -torch.inf)
    return torch.multinomial(scores.softmax(-1), 1, generator=generator)[:, 0]


def pad_prompt(prompt: Sequence[int], like: Tensor) -> Tensor:
    """Return a prompt as one sample (1, T), padded at the end.

    Args:
        prompt: Tokens.
        like: A sample of the data (1, T).

    Raises:
        TrainingError: The prompt is longer than a sample.
    """
    window = like.shape[1]
    if len(prompt) > window:
        raise TrainingError(
            f"The text has {len(prompt)} tokens, but this network reads at most {window}. "
            "Shorten it."
        )
    padded = torch.full_like(like, PAD)
    padded[0, : len(prompt)] = like.new_tensor(prompt)
    return padded


def check_causality(component: Component, inputs: Mapping[str, Tensor], role: str) -> None:
    """Check that the output at a position does not depend on later tokens.

    Raises:
        MisfitError: It does, so the network could copy its target.
    """
    tokens = inputs[role]
    if tokens.shape[1] < 2:
        return
    changed = tokens.clone()
    changed[:, -1] = torch.where(tokens[:, -1] == PAD, 1, PAD)
    before, after = (
        forward_by_role(component, {**inputs, role: sequence})[ROLE]
        for sequence in (tokens, changed)
    )
    if before.ndim < 3:
        return
    before, after = before[:, :-1], after[:, :-1]
    if not torch.allclose(before, after, rtol=1e-3, atol=1e-5):
        raise MisfitError(
            "the network looks ahead, so it would copy the tokens that it must predict, although "
            "none of its layers is known to mix positions. Look for one that does"
        )
