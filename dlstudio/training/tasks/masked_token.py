"""Masked tokens: the network fills in what was hidden from it, looking both ways."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from dlstudio.data.batches import Batch
from dlstudio.data.vocabulary import BLANK
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.network.compile import Compiled
from dlstudio.training.errors import TrainingError
from dlstudio.training.objective import Phase, Scored, answer
from dlstudio.training.sampling import SampleRequest, Samples
from dlstudio.training.task_table import TASKS
from dlstudio.training.tasks.tokens import (
    IGNORED,
    ROLE,
    TOKENS,
    TokenObjective,
    as_window,
    refuse_misfit,
    score_tokens,
)


class MaskedToken(TokenObjective):
    """Cross-entropy of hidden tokens; the blank, token 0, stands where one is hidden.

    Each token is hidden with the same chance, the blank itself never. Source: Devlin et al. 2019,
    "BERT: pre-training of deep bidirectional transformers", without its random replacements.
    """

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Read the settings of task and loss."""
        super().__init__(training, compiled)
        self._share = float(TASKS[training.task].parse(training.task_settings)["share"])

    def score(self, batch: Batch, phase: Phase, generator: torch.Generator | None = None) -> Scored:
        """Return what the hidden tokens of a batch cost."""
        del phase
        tokens = batch.inputs[TOKENS]
        hidden = self._hidden(tokens, generator)
        masked = tokens.masked_fill(hidden, BLANK)
        scores = answer(self.main, {**batch.inputs, TOKENS: masked})[ROLE]
        return score_tokens(scores, torch.where(hidden, tokens, IGNORED), self._smoothing)

    def rehearse(self, batch: Batch, classes: int) -> None:
        """Refuse scores that do not fit the tokens."""
        del classes
        if TOKENS not in batch.inputs:
            raise TrainingError(f"{self.title} needs data made of tokens. Choose a text.")
        scores = answer(self.main, batch.inputs).get(ROLE)
        refuse_misfit(scores, batch.inputs[TOKENS], self.title, single=False)

    def fill(self, component: object, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the inputs with the same tokens hidden each time."""
        del component
        tokens = inputs[TOKENS]
        generator = torch.Generator(tokens.device).manual_seed(0)
        return {**inputs, TOKENS: tokens.masked_fill(self._hidden(tokens, generator), BLANK)}

    def sample(self, request: SampleRequest, given: Batch) -> Samples:
        """Return samples with tokens hidden, filled in by the likeliest, and as they were.

        With a `request.prompt`, its blanks are filled in.

        Raises:
            TrainingError: The prompt is too long.
        """
        if request.prompt:
            window = as_window(request.prompt, given.inputs[TOKENS][:1])
            inputs = {role: tensor[:1] for role, tensor in given.inputs.items()}
            predicted = answer(self.main, {**inputs, TOKENS: window})[ROLE].argmax(-1)
            prompt = window[:, : len(request.prompt)]
            completed = torch.where(prompt == BLANK, predicted[:, : len(request.prompt)], prompt)
            return Samples("filled", {"given": prompt, "generated": completed})
        inputs = {role: tensor[: request.count] for role, tensor in given.inputs.items()}
        tokens = inputs[TOKENS]
        generator = torch.Generator(tokens.device).manual_seed(request.seed)
        hidden = self._hidden(tokens, generator)
        window = tokens.masked_fill(hidden, BLANK)
        predicted = answer(self.main, {**inputs, TOKENS: window})[ROLE].argmax(-1)
        completed = torch.where(hidden, predicted, tokens)
        return Samples("filled", {"given": window, "generated": completed, "wanted": tokens})

    def _hidden(self, tokens: Tensor, generator: torch.Generator | None) -> Tensor:
        chance = torch.rand(tokens.shape, device=tokens.device, generator=generator)
        return (chance < self._share) & (tokens != BLANK)
