"""Marks the tokens of a text as input, output, correct or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from torch import Tensor

from dlstudio.data.core.vocabulary import PAD, Vocabulary
from dlstudio.insight.samples.sample_views import SpanKind, TokenLine, TokenSpan
from dlstudio.training.options.sampling import GeneratedSamples

ARROW = " → "
_END = "↵"
"""Shown for a line break that may be filled in."""
_GAP = "·"
"""Shown for a missing token."""
_Mark = tuple[SpanKind, int, int | None]
"""The kind of a token, the token and the correct token."""


def mark_tokens(samples: GeneratedSamples, vocabulary: Vocabulary) -> tuple[TokenLine, ...]:
    """Return a line for each sample of a token task."""
    form = {
        "continued": _mark_continuation,
        "filled": _mark_filled,
        "translated": _mark_translation,
    }[samples.form]
    prompts, generated = (samples.tensors[name].tolist() for name in ("given", "generated"))
    targets = samples.tensors.get("wanted")
    truths = [None] * len(generated) if targets is None else targets.tolist()
    return tuple(form(*row, vocabulary) for row in zip(prompts, generated, truths, strict=True))


def mark_steps(predicted: Tensor, truth: Tensor, names: Sequence[str]) -> TokenLine:
    """Return a line with the class predicted at each step.

    Args:
        predicted: Class indices (T,).
        truth: Correct class indices (T,).
        names: Class names.
    """
    table = Vocabulary(tuple(names))
    marks = [_mark(a, b) for a, b in zip(predicted.tolist(), truth.tolist(), strict=True)]
    return TokenLine(tuple(_spans(marks, table)), all(kind == "right" for kind, _, _ in marks))


def _mark_continuation(
    prompt: list[int], generated: list[int], _truth: object, vocabulary: Vocabulary
) -> TokenLine:
    gap = " " if vocabulary.unit == "words" else ""
    before, after = vocabulary.decode(prompt).lstrip("\n"), vocabulary.decode(generated)
    return TokenLine((TokenSpan(before, "given"), TokenSpan(gap + after, "made")))


def _mark_filled(
    prompt: list[int], generated: list[int], truth: list[int] | None, vocabulary: Vocabulary
) -> TokenLine:
    marks: list[_Mark] = []
    for index, (given_token, guess) in enumerate(zip(prompt, generated, strict=True)):
        if given_token != PAD or (truth is not None and truth[index] == PAD):
            marks.append(("given", given_token, None))
        else:
            marks.append(("made", guess, None) if truth is None else _mark(guess, truth[index]))
    kinds = [kind for kind, _, _ in marks]
    right = kinds.count("right")
    spans = [
        replace(span, text=span.text.replace("\n", _END), truth=span.truth.replace("\n", _END))
        for span in _spans(marks, vocabulary)
    ]
    return TokenLine(tuple(spans), token_counts=(right + kinds.count("wrong"), right))


def _mark_translation(
    prompt: list[int], generated: list[int], truth: list[int] | None, vocabulary: Vocabulary
) -> TokenLine:
    prompt_span = TokenSpan(vocabulary.decode(_until_pad(prompt)) + ARROW, "given")
    output = _until_pad(generated)
    if truth is None:
        return TokenLine((prompt_span, TokenSpan(vocabulary.decode(output), "made")))
    target = _until_pad(truth)
    longest = max(len(output), len(target))
    pairs = ((_token_at(output, index), _token_at(target, index)) for index in range(longest))
    marks = [_mark(*pair) for pair in pairs]
    return TokenLine((prompt_span, *_spans(marks, vocabulary)), output == target)


def _mark(predicted: int, truth: int) -> _Mark:
    return ("right" if predicted == truth else "wrong", predicted, truth)


def _token_at(tokens: list[int], index: int) -> int:
    return tokens[index] if index < len(tokens) else PAD


def _until_pad(tokens: list[int]) -> list[int]:
    return tokens[: tokens.index(PAD)] if PAD in tokens else tokens


def _spans(marks: Sequence[_Mark], vocabulary: Vocabulary) -> Iterator[TokenSpan]:
    """Yield a span for each wrong token and for each run of other tokens of the same kind."""
    gap = " " if vocabulary.unit == "words" else ""
    started = False
    for (kind, _), group in groupby(enumerate(marks), lambda item: _group_key(*item)):
        tokens = [mark for _, mark in group]
        between = gap if started else ""
        started = True
        if kind == "wrong":
            _, predicted, truth = tokens[0]
            right = vocabulary.decode([truth]) if truth else _GAP
            yield TokenSpan(
                between + (vocabulary.decode([predicted]) if predicted else _GAP), "wrong", right
            )
        else:
            yield TokenSpan(between + vocabulary.decode([token for _, token, _ in tokens]), kind)


def _group_key(index: int, mark: _Mark) -> tuple[SpanKind, int]:
    return mark[0], index if mark[0] == "wrong" else -1
