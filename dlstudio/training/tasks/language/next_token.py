"""Language modelling: the network predicts the next token at every position."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.core.vocabulary import PAD
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.specs.language.next_token import new_token_count
from dlstudio.training.tasks.core.objective import forward_by_role
from dlstudio.training.tasks.core.output_checks import target_of
from dlstudio.training.tasks.language.tokens import (
    ROLE,
    TOKENS,
    TokenObjective,
    check_causality,
    sample_tokens,
    token_loss,
)


class NextToken(TokenObjective):
    """Cross-entropy of the token after each position, or only after the whole window.

    Unknown tokens are ignored and never generated. Source: Bengio
    et al. 2003, "A neural probabilistic language model" (one row of scores for a window);
    Radford et al. 2018, "Improving language understanding by generative pre-training" (one for
    each position).
    """

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of a batch."""
        del phase, generator
        target = target_of(batch)
        scores = forward_by_role(self.main, batch.inputs)[ROLE]
        if scores.ndim == 2:
            scores, target = scores[:, None], target[:, -1:]
        masked_target = torch.where(target == PAD, IGNORE_INDEX, target)
        return token_loss(scores, masked_target, self._smoothing)

    def predicted_tokens(self, batch: Batch) -> Tensor:
        """Return all tokens but padding."""
        target = target_of(batch)
        return target[target != PAD]

    def dry_run(self, batch: Batch) -> None:
        """Check also that the network is causal, whatever its layers."""
        super().dry_run(batch)
        check_causality(self.main, batch.inputs, TOKENS)

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return `request.steps` tokens that continue the prompt, or the starts of samples.

        The sampler `greedy` always chooses the most likely token.
        """
        tokens = batch.inputs[TOKENS]
        window = tokens.shape[1]
        if request.prompt:
            prompt = torch.tensor(request.prompt, device=tokens.device)
            text = prompt.expand(request.count, -1)
        else:
            text = tokens[: request.count, : max(window // 4, 1)]
        prompt_length = text.shape[1]
        generator = torch.Generator(tokens.device).manual_seed(request.seed)
        count = request.steps or new_token_count(window)
        for index in range(count):
            request.on_progress(index / count)
            scores = self._next_scores(text, window).index_fill(
                -1, torch.tensor([PAD], device=text.device), -torch.inf
            )
            chosen = sample_tokens(scores, request, generator, greedy=request.sampler == "greedy")
            text = torch.cat([text, chosen[:, None]], 1)
        return GeneratedSamples(
            "continued", {"given": text[:, :prompt_length], "generated": text[:, prompt_length:]}
        )

    def _next_scores(self, text: Tensor, window: int) -> Tensor:
        """Return the scores (N, V) of the token that follows a text (N, L).

        Only the last `window` tokens of the text are used.
        """
        context = text[:, -window:]
        padding = context.new_full((len(context), window - context.shape[1]), PAD)
        scores = forward_by_role(self.main, {TOKENS: torch.cat([context, padding], 1)})[ROLE]
        if scores.ndim == 3:
            return scores[:, context.shape[1] - 1]
        if padding.shape[1]:
            return forward_by_role(self.main, {TOKENS: torch.cat([padding, context], 1)})[ROLE]
        return scores
