"""Sequence to sequence: one sequence is read, another is generated token by token."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.batches import Batch
from dlstudio.data.core.dataset import IGNORE_INDEX
from dlstudio.data.core.vocabulary import PAD
from dlstudio.training.metrics.batch_result import BatchResult, Phase
from dlstudio.training.options.sampling import GeneratedSamples, SampleRequest
from dlstudio.training.tasks.core.objective import forward_by_role
from dlstudio.training.tasks.core.output_checks import target_of
from dlstudio.training.tasks.language.tokens import (
    ROLE,
    TARGET_TOKENS,
    TOKENS,
    TokenObjective,
    check_causality,
    pad_prompt,
    sample_tokens,
    token_loss,
)


class SequenceToSequence(TokenObjective):
    """Cross-entropy of the target tokens with teacher forcing, up to the first padding token.

    The network sees the true tokens before each position: the target shifted right by one padding
    token, which starts every sequence (Sutskever et al. 2014, "Sequence to sequence learning with
    neural networks"; Williams and Zipser 1989 for teacher forcing).

    `sequence_accuracy` is the share of samples that are entirely correct. Although measured with
    teacher forcing, it equals that of greedy decoding for a causal network: where every most
    likely token is the true one, its own output is what teacher forcing shows it.
    """

    measures_sequences = True

    def score(
        self, batch: Batch, phase: Phase, generator: torch.Generator | None = None
    ) -> BatchResult:
        """Return the loss of a batch."""
        del phase, generator
        target = target_of(batch)
        return token_loss(
            forward_by_role(self.main, batch.inputs)[ROLE], mask_after_end(target), self._smoothing
        )

    def predicted_tokens(self, batch: Batch) -> Tensor:
        """Return the target tokens up to the end of each sequence."""
        target = mask_after_end(target_of(batch))
        return target[target != IGNORE_INDEX]

    def dry_run(self, batch: Batch) -> None:
        """Check also that the network is causal, whatever its layers."""
        super().dry_run(batch)
        if any(binding.role == TARGET_TOKENS for binding in self.main.inputs):
            check_causality(self.main, batch.inputs, TARGET_TOKENS)

    def sample(self, request: SampleRequest, batch: Batch) -> GeneratedSamples:
        """Return sequences generated for the first samples, token by token.

        Chooses the most likely token, or a random one with the sampler `random`. With a
        `request.prompt`, only that is read.

        Raises:
            TrainingError: The prompt is too long.
        """
        count = 1 if request.prompt else request.count
        inputs = {role: tensor[:count] for role, tensor in batch.inputs.items()}
        if request.prompt:
            inputs[TOKENS] = pad_prompt(request.prompt, inputs[TOKENS])
        length = inputs[TARGET_TOKENS].shape[1]
        generator = torch.Generator(inputs[TOKENS].device).manual_seed(request.seed)
        greedy = request.sampler != "random"
        generated = torch.zeros_like(inputs[TARGET_TOKENS])[:, :1]
        ended = generated[:, 0] != PAD
        for position in range(length):
            request.on_progress(position / length)
            decoder_input = torch.nn.functional.pad(
                generated, (0, length - 1 - position), value=PAD
            )
            scores = forward_by_role(self.main, {**inputs, TARGET_TOKENS: decoder_input})[ROLE][
                :, position
            ]
            chosen = sample_tokens(scores, request, generator, greedy=greedy)
            chosen = chosen.masked_fill(ended, PAD)
            ended = ended | (chosen == PAD)
            generated = torch.cat([generated, chosen[:, None]], 1)
        tensors = {"given": inputs[TOKENS], "generated": generated[:, 1:]}
        has_target = batch.target is not None and not request.prompt
        target = {"wanted": batch.target[:count]} if has_target and batch.target is not None else {}
        return GeneratedSamples("translated", {**tensors, **target})


def mask_after_end(target: Tensor) -> Tensor:
    """Return a target (N, T) that ignores everything after the first padding token."""
    is_padding = target == PAD
    after_end = is_padding.cumsum(1) > is_padding
    return target.masked_fill(after_end, IGNORE_INDEX)
