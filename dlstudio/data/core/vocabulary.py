"""The vocabulary: maps token ids to text and back. Does not import torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlstudio.data.core.split import IntArray

PAD = 0
"""The padding token, the only special one.

It also stands for unknown tokens, for the start and the end of a sequence, and for a masked token.
"""
_UNKNOWN = "�"

Tokens = Sequence[str] | bytes


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A list of tokens; a token id is an index into it.

    Attributes:
        tokens: Text of each token; the first is the padding token. Characters are sorted by
            code point.
        unit: One of `characters`, `bytes` or `words`: what a token is.
    """

    tokens: tuple[str, ...]
    unit: str = "characters"

    def __len__(self) -> int:
        """Return the number of tokens, including the padding token."""
        return len(self.tokens)

    def decode(self, token_ids: Iterable[int]) -> str:
        """Return the text of token ids."""
        if self.unit == "bytes":
            return bytes(token_id for token_id in token_ids if token_id != PAD).decode(
                "utf-8", "replace"
            )
        texts = [self.tokens[token_id] for token_id in token_ids]
        return " ".join(filter(None, texts)) if self.unit == "words" else "".join(texts)

    def encode(self, text: str) -> IntArray:
        """Return the token ids of a text (N,); unknown tokens become the padding token."""
        return self.to_ids(split_text(text, self.unit))

    def to_ids(self, tokens: Tokens) -> IntArray:
        """Return the ids of tokens (N,); unknown ones become the padding token."""
        if isinstance(tokens, bytes):
            return np.frombuffer(tokens, np.uint8).astype(np.int64)
        if isinstance(tokens, str):
            return self._character_ids(tokens)
        id_of = {token: token_id for token_id, token in enumerate(self.tokens)}
        id_of[self.tokens[PAD]] = PAD
        return np.array([id_of.get(token, PAD) for token in tokens], np.int64)

    def _character_ids(self, text: str) -> IntArray:
        known = code_points("".join(self.tokens[1:]))
        points = code_points(text)
        if not len(known):
            return np.zeros(len(points), np.int64)
        index = np.minimum(np.searchsorted(known, points), len(known) - 1)
        token_ids: IntArray = np.where(known[index] == points, index + 1, PAD)
        return token_ids


def code_points(text: str) -> IntArray:
    """Return the code point of each character (N,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def split_text(text: str, unit: str) -> Tokens:
    """Split a text into characters, UTF-8 bytes, or words separated by white space."""
    if unit == "bytes":
        return text.encode("utf-8", "replace")
    return text.split() if unit == "words" else text


def fit_vocabulary(tokens: Tokens, unit: str, max_size: int) -> Vocabulary:
    """Return the vocabulary of the tokens that occur.

    Args:
        tokens: Tokens of the training data only, as `split_text` returns them.
        unit: One of `characters`, `bytes` or `words`; bytes always have all 256 tokens.
        max_size: Largest vocabulary of words, padding token included; the most frequent are kept.
    """
    if unit == "bytes":
        return Vocabulary(tuple(map(_byte_text, range(256))), unit)
    if unit == "words":
        counts = Counter(tokens)
        frequent = sorted(counts, key=lambda word: (-counts[word], word))[: max_size - 1]
        return Vocabulary((_UNKNOWN, *map(str, frequent)), unit)
    return Vocabulary((_UNKNOWN, *sorted(set(map(str, tokens)))), unit)


def _byte_text(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}"
