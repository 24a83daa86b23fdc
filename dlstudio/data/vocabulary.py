"""Which piece of text each number stands for. Knows no torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlstudio.data.split import Rows

BLANK = 0
"""The one number that stands for no text.

It is what an unknown piece becomes, what fills short samples up, what a sequence starts after and
ends with, and what hides a token. So a table of tokens needs no other special numbers.
"""
_UNKNOWN = "�"

Pieces = Sequence[str] | bytes


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

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text that these numbers stand for."""
        if self.unit == "bytes":
            return bytes(token_id for token_id in numbers if token_id != BLANK).decode(
                "utf-8", "replace"
            )
        texts = [self.tokens[token_id] for token_id in numbers]
        return " ".join(filter(None, texts)) if self.unit == "words" else "".join(texts)

    def encode(self, text: str) -> Rows:
        """Return the numbers of a text's pieces (N,); unknown ones become the blank."""
        return self.numbers(pieces_of(text, self.unit))

    def numbers(self, pieces: Pieces) -> Rows:
        """Return the numbers of pieces (N,)."""
        if isinstance(pieces, bytes):
            return np.frombuffer(pieces, np.uint8).astype(np.int64)
        if isinstance(pieces, str):
            return self._of_characters(pieces)
        id_of = {token: number for number, token in enumerate(self.tokens)}
        id_of[self.tokens[BLANK]] = BLANK
        return np.array([id_of.get(token, BLANK) for token in pieces], np.int64)

    def _of_characters(self, text: str) -> Rows:
        known = code_points("".join(self.tokens[1:]))
        points = code_points(text)
        if not len(known):
            return np.zeros(len(points), np.int64)
        index = np.minimum(np.searchsorted(known, points), len(known) - 1)
        numbers: Rows = np.where(known[index] == points, index + 1, BLANK)
        return numbers


def code_points(text: str) -> Rows:
    """Return the code point of each character (N,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def pieces_of(text: str, unit: str) -> Pieces:
    """Cut a text into characters, UTF-8 bytes, or words between white space."""
    if unit == "bytes":
        return text.encode("utf-8", "replace")
    return text.split() if unit == "words" else text


def fit_vocabulary(pieces: Pieces, unit: str, most: int) -> Vocabulary:
    """Return the table of the pieces that are there.

    Args:
        pieces: Of the training part alone, as `pieces_of` cuts them.
        unit: One of `UNITS`; bytes have a table of their own, all 256 of them.
        most: Of words, only so many are kept, the most frequent ones, the blank included.
    """
    if unit == "bytes":
        return Vocabulary(tuple(map(_shown, range(256))), unit)
    if unit == "words":
        counts = Counter(pieces)
        frequent = sorted(counts, key=lambda word: (-counts[word], word))[: most - 1]
        return Vocabulary((_UNKNOWN, *map(str, frequent)), unit)
    return Vocabulary((_UNKNOWN, *sorted(set(map(str, pieces)))), unit)


def _shown(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}"
