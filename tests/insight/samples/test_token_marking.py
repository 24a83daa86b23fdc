"""Marks generated tokens as right or wrong."""

from __future__ import annotations

import torch

from dlstudio.data.core.vocabulary import Vocabulary
from dlstudio.insight.samples.sample_views import TokenLine, TokenSpan
from dlstudio.insight.samples.token_marking import mark_steps, mark_tokens
from dlstudio.training.options.sampling import GeneratedSamples

LETTERS = Vocabulary(("", *"abcd\n"))


def mark(form: str, vocabulary: Vocabulary = LETTERS, **tokens: list[int]) -> TokenLine:
    tensors = {name: torch.tensor([row]) for name, row in tokens.items()}
    (line,) = mark_tokens(GeneratedSamples(form, tensors), vocabulary)
    return line


def test_continuation_follows_the_prompt() -> None:
    line = mark("continued", given=[1, 2], generated=[3])
    assert line == TokenLine((TokenSpan("ab", "given"), TokenSpan("c", "made")))


def test_words_are_separated_by_spaces() -> None:
    words = Vocabulary(("", "good", "film"), "words")
    assert mark("continued", words, given=[1], generated=[2]).text == "good film"
    assert mark("filled", words, given=[1, 0], generated=[1, 2], wanted=[1, 2]).text == "good film"


def test_only_masked_tokens_are_marked() -> None:
    line = mark("filled", given=[1, 0, 0], generated=[1, 2, 3], wanted=[1, 2, 5])
    assert line == TokenLine(
        (TokenSpan("a", "given"), TokenSpan("b", "right"), TokenSpan("c", "wrong", "↵")),
        None,
        (2, 1),
    )
    assert mark("filled", given=[1, 0], generated=[1, 2]).spans[1] == TokenSpan("b", "made")


def test_translation_is_compared_up_to_its_end() -> None:
    right = mark("translated", given=[1, 2, 0], generated=[2, 1, 0], wanted=[2, 1, 0])
    assert right == TokenLine((TokenSpan("ab → ", "given"), TokenSpan("ba", "right")), True)
    short = mark("translated", given=[1, 0, 0], generated=[2, 0, 4], wanted=[2, 1, 0])
    assert short.spans[1:] == (TokenSpan("b", "right"), TokenSpan("·", "wrong", "a"))
    assert short.is_correct is False
    long = mark("translated", given=[1, 0, 0], generated=[2, 1, 0], wanted=[2, 0, 0])
    assert long.spans[-1] == TokenSpan("a", "wrong", "·")


def test_classes_are_marked_step_by_step() -> None:
    line = mark_steps(torch.tensor([0, 1]), torch.tensor([0, 2]), ("-", "1", "2"))
    assert line == TokenLine((TokenSpan("-", "right"), TokenSpan("1", "wrong", "2")), False)
