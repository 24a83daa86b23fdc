"""Marks what a network wrote: what was given, what it made of it, and what of that is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from torch import Tensor

from dlstudio.data.vocabulary import BLANK, Vocabulary
from dlstudio.insight.sample_views import Line, Piece, PieceKind
from dlstudio.training.sampling import Samples

ARROW = " → "
_END = "↵"
"""Shows the end of a line where one may be filled in."""
_GAP = "·"
"""Stands where nothing was written."""
_Mark = tuple[PieceKind, int, int | None]
"""A token's kind, itself and the one that should stand there."""


def written(samples: Samples, words: Vocabulary) -> tuple[Line, ...]:
    """Return a line for each sample of tokens."""
    form = {"continued": _continued, "filled": _filled, "translated": _translated}[samples.form]
    prompts, generated = (samples.tensors[name].tolist() for name in ("given", "generated"))
    targets = samples.tensors.get("wanted")
    truths = [None] * len(generated) if targets is None else targets.tolist()
    return tuple(form(*row, words) for row in zip(prompts, generated, truths, strict=True))


def steps(told: Tensor, truth: Tensor, names: Sequence[str]) -> Line:
    """Return a line of classes step by step.

    Args:
        told: Class numbers (T,).
        truth: Likewise.
        names: What they stand for.
    """
    table = Vocabulary(tuple(names))
    marks = [_mark(a, b) for a, b in zip(told.tolist(), truth.tolist(), strict=True)]
    return Line(tuple(_pieces(marks, table)), all(kind == "right" for kind, _, _ in marks))


def _continued(given: list[int], made: list[int], _truth: object, words: Vocabulary) -> Line:
    gap = " " if words.unit == "words" else ""
    before, after = words.decode(given).lstrip("\n"), words.decode(made)
    return Line((Piece(before, "given"), Piece(gap + after, "made")))


def _filled(given: list[int], made: list[int], truth: list[int] | None, words: Vocabulary) -> Line:
    marks: list[_Mark] = []
    for index, (given_token, guess) in enumerate(zip(given, made, strict=True)):
        if given_token != BLANK or (truth is not None and truth[index] == BLANK):
            marks.append(("given", given_token, None))
        else:
            marks.append(("made", guess, None) if truth is None else _mark(guess, truth[index]))
    kinds = [kind for kind, _, _ in marks]
    right = kinds.count("right")
    spans = [
        replace(span, text=span.text.replace("\n", _END), truth=span.truth.replace("\n", _END))
        for span in _pieces(marks, words)
    ]
    return Line(tuple(spans), tokens=(right + kinds.count("wrong"), right))


def _translated(
    given: list[int], made: list[int], truth: list[int] | None, words: Vocabulary
) -> Line:
    prompt_span = Piece(words.decode(_up_to_blank(given)) + ARROW, "given")
    output = _up_to_blank(made)
    if truth is None:
        return Line((prompt_span, Piece(words.decode(output), "made")))
    target = _up_to_blank(truth)
    longest = max(len(output), len(target))
    pairs = ((_at(output, index), _at(target, index)) for index in range(longest))
    marks = [_mark(*pair) for pair in pairs]
    return Line((prompt_span, *_pieces(marks, words)), output == target)


def _mark(told: int, truth: int) -> _Mark:
    return ("right" if told == truth else "wrong", told, truth)


def _at(tokens: list[int], place: int) -> int:
    return tokens[place] if place < len(tokens) else BLANK


def _up_to_blank(tokens: list[int]) -> list[int]:
    return tokens[: tokens.index(BLANK)] if BLANK in tokens else tokens


def _pieces(marks: Sequence[_Mark], words: Vocabulary) -> Iterator[Piece]:
    """Yield the pieces: wrong tokens one by one, of other kinds whole stretches."""
    gap = " " if words.unit == "words" else ""
    started = False
    for (kind, _), group in groupby(enumerate(marks), lambda item: _key(*item)):
        tokens = [mark for _, mark in group]
        between = gap if started else ""
        started = True
        if kind == "wrong":
            _, predicted, truth = tokens[0]
            right = words.decode([truth]) if truth else _GAP
            yield Piece(
                between + (words.decode([predicted]) if predicted else _GAP), "wrong", right
            )
        else:
            yield Piece(between + words.decode([token for _, token, _ in tokens]), kind)


def _key(place: int, mark: _Mark) -> tuple[PieceKind, int]:
    return mark[0], place if mark[0] == "wrong" else -1
