"""What made-up sequences look like, by their options alone. Knows no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dlstudio.data.made_dates import CHARACTERS, ISO_LENGTH, WRITTEN_LENGTH
from dlstudio.data.made_words import (
    LETTERS,
    REVIEW_CLASSES,
    REVIEW_LENGTH,
    REVIEW_WORDS,
    SYMBOLS,
)
from dlstudio.data.split import part_sizes, training_size
from dlstudio.data.stretches import PARTS, window_count
from dlstudio.design.data_settings import Split
from dlstudio.design.signals import DataFacts, Signal

Options = Mapping[str, Any]


def tokens(length: int) -> Signal:
    """Return the signal of so many tokens."""
    return Signal((length,), "int64", "tokens")


def sequence(steps: int, features: int) -> Signal:
    """Return the signal of steps × features."""
    return Signal((steps, features), "float32", "sequence")


def series_facts(lengths: tuple[int, int, int], options: Options) -> DataFacts:
    """Return the facts of windows along a series whose stretches have these lengths."""
    window, horizon = options["window"], options["horizon"]
    counts = [window_count(length, window, 1, horizon) for length in lengths]
    return DataFacts(
        {"samples": sequence(window, 1)},
        Signal((horizon,), "float32", "value"),
        {"features": 1, "window": window, "horizon": horizon},
        samples=dict(zip(PARTS, counts, strict=True)),
    )


def generated_facts(source: str, options: Options, split: Split) -> DataFacts | None:
    """Return the facts of a generated source, None for any other."""
    if source == "series":
        return series_facts(part_sizes(options["samples"], split, own_test=False), options)
    if source not in DESCRIBED:
        return None
    train, *held_out = part_sizes(options["samples"], split, own_test=False)
    sizes = (training_size(train, split), *held_out)
    return replace(DESCRIBED[source](options), samples=dict(zip(PARTS, sizes, strict=True)))


def _adding(options: Options) -> DataFacts:
    length = options["length"]
    inputs = {"samples": sequence(length, 2)}
    return DataFacts(inputs, Signal((), "float32", "value"), {"features": 2, "window": length})


def _copying(options: Options) -> DataFacts:
    length, kinds = 2 * options["symbols"] + options["delay"], len(SYMBOLS)
    numbers = {"vocabulary": kinds, "window": length, "classes": kinds}
    inputs = {"tokens": tokens(length)}
    return DataFacts(inputs, Signal((length,), "int64", "class"), numbers, SYMBOLS.tokens)


def _reversal(options: Options) -> DataFacts:
    length = options["longest"] + 1
    inputs = {"tokens": tokens(length), "target tokens": tokens(length)}
    return DataFacts(inputs, tokens(length), {"vocabulary": len(LETTERS), "window": length})


def _dates(options: Options) -> DataFacts:
    del options
    inputs = {"tokens": tokens(WRITTEN_LENGTH), "target tokens": tokens(ISO_LENGTH)}
    numbers = {"vocabulary": len(CHARACTERS), "window": WRITTEN_LENGTH}
    return DataFacts(inputs, tokens(ISO_LENGTH), numbers)


def _reviews(options: Options) -> DataFacts:
    del options
    numbers = {"vocabulary": len(REVIEW_WORDS), "window": REVIEW_LENGTH, "classes": 2}
    inputs = {"tokens": tokens(REVIEW_LENGTH)}
    return DataFacts(inputs, Signal((), "int64", "class"), numbers, REVIEW_CLASSES)


DESCRIBED: Mapping[str, Callable[[Options], DataFacts]] = {
    "adding": _adding,
    "copy-memory": _copying,
    "word-reversal": _reversal,
    "dates": _dates,
    "reviews": _reviews,
}
"""Facts without counts of each source whose samples are made one by one."""
