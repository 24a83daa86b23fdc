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
    given, made = (samples.tensors[name].tolist() for name in ("given", "generated"))
    wanted = samples.tensors.get("wanted")
    truths = [None] * len(made) if wanted is None else wanted.tolist()
    return tuple(form(*each, words) for each in zip(given, made, truths, strict=True))


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
    begun, behind = words.decode(given).lstrip("\n"), words.decode(made)
    return Line((Piece(begun, "given"), Piece(gap + behind, "made")))


def _filled(given: list[int], made: list[int], truth: list[int] | None, words: Vocabulary) -> Line:
    marks: list[_Mark] = []
    for place, (seen, filled) in enumerate(zip(given, made, strict=True)):
        if seen != BLANK or (truth is not None and truth[place] == BLANK):
            marks.append(("given", seen, None))
        else:
            marks.append(("made", filled, None) if truth is None else _mark(filled, truth[place]))
    kinds = [kind for kind, _, _ in marks]
    right = kinds.count("right")
    pieces = [
        replace(each, text=each.text.replace("\n", _END), truth=each.truth.replace("\n", _END))
        for each in _pieces(marks, words)
    ]
    return Line(tuple(pieces), tokens=(right + kinds.count("wrong"), right))


def _translated(
    given: list[int], made: list[int], truth: list[int] | None, words: Vocabulary
) -> Line:
    begun = Piece(words.decode(_up_to_blank(given)) + ARROW, "given")
    told = _up_to_blank(made)
    if truth is None:
        return Line((begun, Piece(words.decode(told), "made")))
    wanted = _up_to_blank(truth)
    longest = max(len(told), len(wanted))
    pairs = ((_at(told, place), _at(wanted, place)) for place in range(longest))
    marks = [_mark(*pair) for pair in pairs]
    return Line((begun, *_pieces(marks, words)), told == wanted)


def _mark(told: int, truth: int) -> _Mark:
    return ("right" if told == truth else "wrong", told, truth)


def _at(tokens: list[int], place: int) -> int:
    return tokens[place] if place < len(tokens) else BLANK


def _up_to_blank(tokens: list[int]) -> list[int]:
    return tokens[: tokens.index(BLANK)] if BLANK in tokens else tokens


def _pieces(marks: Sequence[_Mark], words: Vocabulary) -> Iterator[Piece]:
    """Yield the pieces: wrong tokens one by one, of other kinds whole stretches."""
    gap = " " if words.unit == "words" else ""
    begun = False
    for (kind, _), group in groupby(enumerate(marks), lambda each: _key(*each)):
        tokens = [mark for _, mark in group]
        between = gap if begun else ""
        begun = True
        if kind == "wrong":
            _, told, truth = tokens[0]
            right = words.decode([truth]) if truth else _GAP
            yield Piece(between + (words.decode([told]) if told else _GAP), "wrong", right)
        else:
            yield Piece(between + words.decode([token for _, token, _ in tokens]), kind)


def _key(place: int, mark: _Mark) -> tuple[PieceKind, int]:
    return mark[0], place if mark[0] == "wrong" else -1
