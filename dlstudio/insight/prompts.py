"""Cuts a text that a person typed into the tokens that a network knows."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.data.vocabulary import BLANK, Vocabulary, pieces_of
from dlstudio.training.errors import TrainingError
from dlstudio.training.sampling import SampleRequest

MASKS = ("[mask]", "_")
"""What a person may write for a hidden token, where the data has no such token."""
_MOST_NAMED = 6


def prompted(request: SampleRequest, words: Vocabulary | None, *, hidden: bool) -> SampleRequest:
    """Return the request with its text as tokens.

    Args:
        request: Its `text` is used.
        words: What tokens stand for.
        hidden: Whether the network fills in what is hidden.

    Raises:
        TrainingError: The text holds what the data has not, or nothing is hidden.
    """
    if not request.text or words is None:
        return request
    masks = [each for each in MASKS if hidden and each not in words.tokens]
    tokens: list[int] = []
    for place, part in enumerate(_between(request.text, masks)):
        tokens += [BLANK] if place % 2 else _tokens(part, words)
    if hidden and BLANK not in tokens:
        raise TrainingError(
            f"Nothing is hidden: write {masks[0]} where something is to be filled in."
        )
    return replace(request, prompt=tuple(tokens))


def _between(text: str, masks: list[str]) -> list[str]:
    """Return the text between masks at even places, and the masks at odd ones."""
    parts = [text]
    for mask in masks:
        cut: list[str] = []
        for place, part in enumerate(parts):
            pieces = [part] if place % 2 else part.split(mask)
            cut += [each for piece in pieces for each in (piece, mask)][:-1]
        parts = cut
    return parts


def _tokens(text: str, words: Vocabulary) -> list[int]:
    numbers: list[int] = words.encode(text).tolist()
    pieces = pieces_of(text, words.unit)
    if isinstance(pieces, bytes):
        return numbers
    blanks = zip(pieces, numbers, strict=True)
    unknown = list(dict.fromkeys(piece for piece, number in blanks if number == BLANK))
    if unknown:
        raise TrainingError(_unknown(unknown, words))
    return numbers


def _unknown(pieces: list[str], words: Vocabulary) -> str:
    named = ", ".join(f"“{each}”" for each in pieces[:_MOST_NAMED])
    more = f" and {len(pieces) - _MOST_NAMED} more" if len(pieces) > _MOST_NAMED else ""
    verb = "is" if len(pieces) == 1 else "are"
    noun = "words" if words.unit == "words" else "characters"
    known = set(words.tokens)
    remedy = "Leave it out."
    if all(each != each.lower() in known for each in pieces):
        remedy = "Write small letters."
    elif len(pieces) > 1:
        remedy = "Leave them out."
    return f"{named}{more} {verb} not among the {len(words) - 1} {noun} of this data. {remedy}"
