"""Encodes a typed prompt as tokens of the data's vocabulary."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.data.core.vocabulary import PAD, Vocabulary, split_text
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.protocol.errors import TrainingError

MASKS = ("[mask]", "_")
"""Texts that mark a hidden token, unless the vocabulary contains them."""
_MAX_LISTED = 6


def with_prompt_tokens(
    request: SampleRequest, vocabulary: Vocabulary | None, *, masked: bool
) -> SampleRequest:
    """Return the request with its text encoded as tokens.

    Args:
        request: The request; its `text` is encoded.
        vocabulary: The vocabulary; None returns the request unchanged.
        masked: Whether the network fills in hidden tokens.

    Raises:
        TrainingError: The text contains an unknown token, or `masked` and nothing is hidden.
    """
    if not request.text or vocabulary is None:
        return request
    masks = [mask for mask in MASKS if masked and mask not in vocabulary.tokens]
    tokens: list[int] = []
    for index, segment in enumerate(_split_at_masks(request.text, masks)):
        tokens += [PAD] if index % 2 else _encode(segment, vocabulary)
    if masked and PAD not in tokens:
        raise TrainingError(f"Nothing is hidden: write {masks[0]} for each token to fill in.")
    return replace(request, prompt=tuple(tokens))


def _split_at_masks(text: str, masks: list[str]) -> list[str]:
    """Return text segments at even indices and the masks between them at odd indices."""
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
        hint = "Use lower case."
    elif len(unknown) > 1:
        hint = "Leave them out."
    return f"{listed}{more} {verb} not among the {len(vocabulary) - 1} {noun} of this data. {hint}"
