"""Which piece of text each number stands for. Knows no torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlstudio.data.core.split import IntArray

PAD = 0
"""The one number that stands for no text.

It is what an unknown piece becomes, what fills short samples up, what a sequence starts after and
ends with, and what hides a token. So a table of tokens needs no other special numbers.
"""
_UNKNOWN = "�"

Tokens = Sequence[str] | bytes


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A table of tokens.

    Attributes:
        tokens: Text of each number; the first is the blank. Characters stand in the order of
            their code points.
        unit: One of `UNITS`: what the tokens are pieces of.
    """

    tokens: tuple[str, ...]
    unit: str = "characters"

    def __len__(self) -> int:
        """Return the number of tokens, the blank included."""
        return len(self.tokens)

    def decode(self, token_ids: Iterable[int]) -> str:
        """Return the text that these numbers stand for."""
        if self.unit == "bytes":
            return bytes(token_id for token_id in token_ids if token_id != PAD).decode(
                "utf-8", "replace"
            )
        texts = [self.tokens[token_id] for token_id in token_ids]
        return " ".join(filter(None, texts)) if self.unit == "words" else "".join(texts)

    def encode(self, text: str) -> IntArray:
        """Return the numbers of a text's pieces (N,); unknown ones become the blank."""
        return self.to_ids(split_text(text, self.unit))

    def to_ids(self, tokens: Tokens) -> IntArray:
        """Return the numbers of pieces (N,)."""
        if isinstance(tokens, bytes):
            return np.frombuffer(tokens, np.uint8).astype(np.int64)
        if isinstance(tokens, str):
            return self._character_ids(tokens)
        id_of = {token: number for number, token in enumerate(self.tokens)}
        id_of[self.tokens[PAD]] = PAD
        return np.array([id_of.get(token, PAD) for token in tokens], np.int64)

    def _character_ids(self, text: str) -> IntArray:
        known = code_points("".join(self.tokens[1:]))
        points = code_points(text)
        if not len(known):
            return np.zeros(len(points), np.int64)
        index = np.minimum(np.searchsorted(known, points), len(known) - 1)
        numbers: IntArray = np.where(known[index] == points, index + 1, PAD)
        return numbers


def code_points(text: str) -> IntArray:
    """Return the code point of each character (N,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def split_text(text: str, unit: str) -> Tokens:
    """Cut a text into characters, UTF-8 bytes, or words between white space."""
    if unit == "bytes":
        return text.encode("utf-8", "replace")
    return text.split() if unit == "words" else text


def fit_vocabulary(tokens: Tokens, unit: str, max_size: int) -> Vocabulary:
    """Return the table of the pieces that are there.

    Args:
        tokens: Of the training part alone, as `split_text` cuts them.
        unit: One of `UNITS`; bytes have a table of their own, all 256 of them.
        max_size: Of words, only so many are kept, the most frequent ones, the blank included.
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
