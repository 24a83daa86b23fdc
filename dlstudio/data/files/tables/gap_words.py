"""Words that stand for an empty cell. Does not import torch."""

from __future__ import annotations

CLASSIC_GAPS = frozenset({"", "?", "-", "na", "n/a", "nan", "null", "none", "#n/a"})
"""Gaps in every column, in the first version of the rules."""
CERTAIN_GAPS = frozenset(
    {"", "?", "n/a", "n.a.", "nan", "<na>", "nat", "null", "(null)", "\\n", "#n/a", "#na",
     "#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!", "k.a.", "k. a.", "keine angabe"}
)  # fmt: skip
"""Gaps in every column."""
_POSSIBLE_GAPS = frozenset(
    {"-", "--", "---", "\u2013", "\u2014", "\u2212", ".", "..", "...", "\u2026", "*", "na", "none",
     "nil", "missing", "unknown", "unbekannt", "ohne", "void", "undefined", "/", "x", "#"}
)  # fmt: skip
NUMBER_GAPS = CERTAIN_GAPS | _POSSIBLE_GAPS
"""Gaps in a column of numbers or dates."""
_LONGEST = max(map(len, NUMBER_GAPS | CLASSIC_GAPS))


def is_gap(word: str, gaps: frozenset[str]) -> bool:
    """Whether a stripped cell is one of `gaps` in any case."""
    return len(word) <= _LONGEST and word.lower() in gaps


def category_gaps(words: frozenset[str], used_elsewhere: frozenset[str]) -> frozenset[str]:
    """Return those of a text column's words that are gaps, not classes.

    `none` and `-` may be a class: they are gaps where the file's columns of numbers use the same
    spelling for a gap. `NA` always is one, and `-` unless `+` is a class, too.
    """
    possible = {word for word in words if is_gap(word, _POSSIBLE_GAPS)}
    sure = {word for word in words if is_gap(word, CERTAIN_GAPS)}
    usual = {"NA"} if "+" in words else {"NA", "-"}
    return frozenset(sure | (possible & (used_elsewhere | usual)))


def class_gaps(words: frozenset[str], used_elsewhere: frozenset[str]) -> frozenset[str]:
    """Return the gaps among numbers that stand for classes: signs are gaps, words are classes."""
    signs = {
        word
        for word in words
        if is_gap(word, NUMBER_GAPS) and not any(character.isalpha() for character in word)
    }
    return category_gaps(words, used_elsewhere) | signs
