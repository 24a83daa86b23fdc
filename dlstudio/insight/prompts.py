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
    masks = [mask for mask in MASKS if hidden and mask not in words.tokens]
    tokens: list[int] = []
    for index, segment in enumerate(_between(request.text, masks)):
        tokens += [BLANK] if index % 2 else _tokens(segment, words)
    if hidden and BLANK not in tokens:
        raise TrainingError(
            f"Nothing is hidden: write {masks[0]} where something is to be filled in."
        )
    return replace(request, prompt=tuple(tokens))


def _between(text: str, masks: list[str]) -> list[str]:
    """Return the text between masks at even places, and the masks at odd ones."""
    segments = [text]
    for mask in masks:
        cut: list[str] = []
        for index, segment in enumerate(segments):
            parts = [segment] if index % 2 else segment.split(mask)
            cut += [item for part in parts for item in (part, mask)][:-1]
        segments = cut
    return segments


def _tokens(text: str, words: Vocabulary) -> list[int]:
    numbers: list[int] = words.encode(text).tolist()
    texts = pieces_of(text, words.unit)
    if isinstance(texts, bytes):
        return numbers
    pairs = zip(texts, numbers, strict=True)
    unknown = list(dict.fromkeys(text_token for text_token, number in pairs if number == BLANK))
    if unknown:
        raise TrainingError(_unknown(unknown, words))
    return numbers


def _unknown(pieces: list[str], words: Vocabulary) -> str:
    listed = ", ".join(f"“{token}”" for token in pieces[:_MOST_NAMED])
    more = f" and {len(pieces) - _MOST_NAMED} more" if len(pieces) > _MOST_NAMED else ""
    verb = "is" if len(pieces) == 1 else "are"
    noun = "words" if words.unit == "words" else "characters"
    known = set(words.tokens)
    hint = "Leave it out."
    if all(token != token.lower() in known for token in pieces):
        hint = "Write small letters."
    elif len(pieces) > 1:
        hint = "Leave them out."
    return f"{listed}{more} {verb} not among the {len(words) - 1} {noun} of this data. {hint}"
