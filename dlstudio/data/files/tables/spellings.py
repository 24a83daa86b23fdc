"""Merges spellings of one class: `1` and `1.0`, `Yes` and `yes`. Does not import torch."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from dlstudio.data.files.tables.column_types import TableColumn
from dlstudio.data.files.tables.number_format import parse_plain

_SHORT_WORDS = frozenset({"no", "ja", "si", "sí", "da", "ok", "on"})
"""Words of two letters in which capitals make no difference; in `mW` and `MW` they do."""


@dataclass(frozen=True, slots=True)
class Merge:
    """One spelling that counts as another.

    Attributes:
        spelling: As written in the file.
        word: The spelling that it counts as.
        count: Number of cells.
    """

    spelling: str
    word: str
    count: int


def merge_spellings(column: TableColumn) -> tuple[TableColumn, tuple[Merge, ...]]:
    """Return the column with one word for each class, and what was merged.

    Merged are capitals in words, blanks, and decimals without meaning. The most frequent spelling
    is kept. `A` and `a`, or `01` and `1`, stay different: such codes may differ in meaning.
    """
    if not len(column.codes):
        return column, ()
    counts = np.bincount(column.codes[~column.missing], minlength=len(column.words)).tolist()
    groups: dict[str, list[int]] = defaultdict(list)
    for code, word in enumerate(column.words):
        if counts[code]:
            groups[_key(word)].append(code)
    target = np.arange(len(column.words), dtype=np.int32)
    merges: list[Merge] = []
    for codes in groups.values():
        kept = max(codes, key=lambda code: (counts[code], _is_tidy(column.words[code]), -code))
        for code in codes:
            if code != kept:
                target[code] = kept
                merges.append(Merge(column.words[code], column.words[kept], counts[code]))
    if not merges:
        return column, ()
    return replace(column, codes=target[column.codes]), tuple(merges)


def _is_tidy(word: str) -> bool:
    return word == " ".join(word.split())


def _key(word: str) -> str:
    """Return what all spellings of a word have in common."""
    text = " ".join(unicodedata.normalize("NFC", word).split())
    number = parse_plain(text)
    if number is not None:
        whole = text.lstrip("+-")
        has_leading_zero = len(whole) > 1 and whole[0] == "0" and whole[1].isdigit()
        return text if has_leading_zero or not text.isascii() else f"number {number!r}"
    folded = text.casefold()
    letters = sum(character.isalpha() for character in text)
    return folded if letters > 2 or folded in _SHORT_WORDS else text
