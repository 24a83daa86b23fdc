"""Masked tokens: the network predicts hidden tokens from both sides."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.core.vocabulary import PAD
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.network.compile.compile import Compiled
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.specs.registry import TASKS
from dlstudio.training.tasks.core.objective import forward_by_role
from dlstudio.training.tasks.language.tokens import (
    ROLE,
    TOKENS,
    TokenObjective,
    pad_prompt,
    token_loss,
)


class MaskedToken(TokenObjective):
    """Cross-entropy of hidden tokens, which are replaced by the padding token.

    Each token is hidden with equal probability, padding tokens never. Source: Devlin et al. 2019,
    "BERT: pre-training of deep bidirectional transformers", without its random replacements.
    """

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Parse the settings of task and loss."""
        super().__init__(training, compiled)
        self._mask_share = float(TASKS[training.task].parse(training.task_settings)["share"])

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of the hidden tokens of a batch."""
        del phase
        tokens = batch.inputs[TOKENS]
        hidden = self._random_mask(tokens, generator)
        masked = tokens.masked_fill(hidden, PAD)
        scores = forward_by_role(self.main, {**batch.inputs, TOKENS: masked})[ROLE]
        return token_loss(scores, torch.where(hidden, tokens, IGNORE_INDEX), self._smoothing)

    def predicted_tokens(self, batch: Batch) -> Tensor:
        """Return all tokens but padding."""
        tokens = batch.inputs[TOKENS]
        return tokens[tokens != PAD]

    def fill_inputs(self, component: object, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the inputs with tokens hidden at random by a fixed seed."""
        del component
        tokens = inputs[TOKENS]
        generator = torch.Generator(tokens.device).manual_seed(0)
        return {**inputs, TOKENS: tokens.masked_fill(self._random_mask(tokens, generator), PAD)}

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return samples with hidden tokens, with the most likely ones filled in, and the truth.

        With a `request.prompt`, its padding tokens are filled in.

        Raises:
            TrainingError: The prompt is too long.
        """
        if request.prompt:
            window = pad_prompt(request.prompt, batch.inputs[TOKENS][:1])
            inputs = {role: tensor[:1] for role, tensor in batch.inputs.items()}
            predicted = forward_by_role(self.main, {**inputs, TOKENS: window})[ROLE].argmax(-1)
            prompt = window[:, : len(request.prompt)]
            completed = torch.where(prompt == PAD, predicted[:, : len(request.prompt)], prompt)
            return GeneratedSamples("filled", {"given": prompt, "generated": completed})
        inputs = {role: tensor[: request.count] for role, tensor in batch.inputs.items()}
        tokens = inputs[TOKENS]
        generator = torch.Generator(tokens.device).manual_seed(request.seed)
        hidden = self._random_mask(tokens, generator)
        window = tokens.masked_fill(hidden, PAD)
        predicted = forward_by_role(self.main, {**inputs, TOKENS: window})[ROLE].argmax(-1)
        completed = torch.where(hidden, predicted, tokens)
        return GeneratedSamples(
            "filled", {"given": window, "generated": completed, "wanted": tokens}
        )

    def _random_mask(self, tokens: Tensor, generator: torch.Generator | None) -> Tensor:
        uniform = torch.rand(tokens.shape, device=tokens.device, generator=generator)
        return (uniform < self._mask_share) & (tokens != PAD)
