"""Cuts a text that a person typed into the tokens that a network knows."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.data.core.vocabulary import PAD, Vocabulary, split_text
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.errors import TrainingError

MASKS = ("[mask]", "_")
"""What a person may write for a hidden token, where the data has no such token."""
_MAX_LISTED = 6


def with_prompt_tokens(
    request: SampleRequest, vocabulary: Vocabulary | None, *, masked: bool
) -> SampleRequest:
    """Return the request with its text as tokens.

    Args:
        request: Its `text` is used.
        vocabulary: What tokens stand for.
        masked: Whether the network fills in what is hidden.

    Raises:
        TrainingError: The text holds what the data has not, or nothing is hidden.
    """
    if not request.text or vocabulary is None:
        return request
    masks = [mask for mask in MASKS if masked and mask not in vocabulary.tokens]
    tokens: list[int] = []
    for index, segment in enumerate(_split_at_masks(request.text, masks)):
        tokens += [PAD] if index % 2 else _encode(segment, vocabulary)
    if masked and PAD not in tokens:
        raise TrainingError(
            f"Nothing is hidden: write {masks[0]} where something is to be filled in."
        )
    return replace(request, prompt=tuple(tokens))


def _split_at_masks(text: str, masks: list[str]) -> list[str]:
    """Return the text between masks at even places, and the masks at odd ones."""
    segments = [text]
    for mask in masks:
        cut: list[str] = []
        for index, segment in enumerate(segments):
            parts = [segment] if index % 2 else segment.split(mask)
            cut += [item for part in parts for item in (part, mask)][:-1]
        segments = cut
    return segments


def _encode(text: str, vocabulary: Vocabulary) -> list[int]:
    numbers: list[int] = vocabulary.encode(text).tolist()
    texts = split_text(text, vocabulary.unit)
    if isinstance(texts, bytes):
        return numbers
    pairs = zip(texts, numbers, strict=True)
    unknown = list(dict.fromkeys(text_token for text_token, number in pairs if number == PAD))
    if unknown:
        raise TrainingError(_unknown_message(unknown, vocabulary))
    return numbers


def _unknown_message(unknown: list[str], vocabulary: Vocabulary) -> str:
    listed = ", ".join(f"“{token}”" for token in unknown[:_MAX_LISTED])
    more = f" and {len(unknown) - _MAX_LISTED} more" if len(unknown) > _MAX_LISTED else ""
    verb = "is" if len(unknown) == 1 else "are"
    noun = "words" if vocabulary.unit == "words" else "characters"
    known = set(vocabulary.tokens)
    hint = "Leave it out."
    if all(token != token.lower() in known for token in unknown):
        hint = "Write small letters."
    elif len(unknown) > 1:
        hint = "Leave them out."
    return f"{listed}{more} {verb} not among the {len(vocabulary) - 1} {noun} of this data. {hint}"
