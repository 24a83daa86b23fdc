"""Sequence to sequence: one sequence is read, another written token by token."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.batches import Batch
from dlstudio.data.vocabulary import BLANK
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.network.compile import Compiled
from dlstudio.training.errors import TrainingError
from dlstudio.training.objective import Phase, Scored, answer
from dlstudio.training.sampling import SampleRequest, Samples
from dlstudio.training.tasks.tokens import (
    IGNORED,
    ROLE,
    TARGET_TOKENS,
    TOKENS,
    TokenObjective,
    as_window,
    draw_tokens,
    refuse_foresight,
    refuse_misfit,
    score_tokens,
)


class SequenceToSequence(TokenObjective):
    """Cross-entropy of the written tokens under teacher forcing, up to the blank that ends them.

    The network sees the true tokens before each position: the target one place later, behind a
    blank, which starts every sequence (Sutskever et al. 2014, "Sequence to sequence learning with
    neural networks"; Williams and Zipser 1989 for teacher forcing).

    `sequence_accuracy` counts the samples that are right as a whole. Though measured under teacher
    forcing it is that of free greedy decoding too, as long as the network does not look ahead:
    where every likeliest token is the true one, what it writes itself is what it was shown.
    """

    whole = True

    def __init__(self, training: TrainingSettings, compiled: Compiled) -> None:
        """Read the loss's settings, and see whether the network is shown what it shall write."""
        super().__init__(training, compiled)
        self._forced = any(binding.role == TARGET_TOKENS for binding in self.main.inputs)

    def score(self, batch: Batch, phase: Phase, generator: torch.Generator | None = None) -> Scored:
        """Return what a batch costs."""
        del phase, generator
        target = _target(batch)
        return score_tokens(
            answer(self.main, batch.inputs)[ROLE], up_to_the_end(target), self._smoothing
        )

    def rehearse(self, batch: Batch, classes: int) -> None:
        """Refuse scores that do not fit the target, and a network that looks ahead."""
        del classes
        target = _target(batch)
        if TARGET_TOKENS not in batch.inputs or target.ndim != 2:
            raise TrainingError(
                f"{self.title} needs data that pairs sequences of tokens, such as words and "
                "their reversals."
            )
        scores = answer(self.main, batch.inputs).get(ROLE)
        refuse_misfit(scores, target, self.title, single=False)
        if self._forced:
            refuse_foresight(self.main, dict(batch.inputs), TARGET_TOKENS)

    def sample(self, request: SampleRequest, given: Batch) -> Samples:
        """Return what is written for the first samples, each token seen by the next ones.

        The likeliest token is taken, or one drawn where the sampler is `random`. With a
        `request.prompt`, that alone is read.

        Raises:
            TrainingError: The prompt is too long.
        """
        count = 1 if request.prompt else request.count
        inputs = {role: tensor[:count] for role, tensor in given.inputs.items()}
        if request.prompt:
            inputs[TOKENS] = as_window(request.prompt, inputs[TOKENS])
        length = inputs[TARGET_TOKENS].shape[1]
        generator = torch.Generator(inputs[TOKENS].device).manual_seed(request.seed)
        greedy = request.sampler != "random"
        generated = torch.zeros_like(inputs[TARGET_TOKENS])[:, :1]
        ended = generated[:, 0] != BLANK
        for position in range(length):
            request.follow(position / length)
            decoder_input = torch.nn.functional.pad(
                generated, (0, length - 1 - position), value=BLANK
            )
            scores = answer(self.main, {**inputs, TARGET_TOKENS: decoder_input})[ROLE][:, position]
            chosen = draw_tokens(scores, request, generator, greedy=greedy)
            chosen = chosen.masked_fill(ended, BLANK)
            ended = ended | (chosen == BLANK)
            generated = torch.cat([generated, chosen[:, None]], 1)
        tensors = {"given": inputs[TOKENS], "generated": generated[:, 1:]}
        has_target = given.target is not None and not request.prompt
        target = {"wanted": given.target[:count]} if has_target and given.target is not None else {}
        return Samples("translated", {**tensors, **target})


def up_to_the_end(target: Tensor) -> Tensor:
    """Return a target (N, T) in which only the tokens and the first blank behind them count."""
    after_end = (target == BLANK).cumsum(1) > 1
    return target.masked_fill(after_end, IGNORED)


def _target(batch: Batch) -> Tensor:
    if batch.target is None:
        raise TrainingError("This part of the data has nothing to predict.")
    return batch.target
