"""What made-up sequences look like, by their options alone. Knows no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from dlstudio.data.core.split import subset_sizes, training_size
from dlstudio.data.core.window_counts import SUBSETS, window_count
from dlstudio.data.text.synthetic_dates import CHARACTERS, FORMATTED_LENGTH, ISO_LENGTH
from dlstudio.data.text.synthetic_words import (
    LETTERS,
    REVIEW_CLASSES,
    REVIEW_LENGTH,
    REVIEW_WORDS,
    SYMBOLS,
)
from dlstudio.design.model.data_settings import Split
from dlstudio.design.model.signals import DatasetInfo, Signal

Options = Mapping[str, Any]


def token_signal(length: int) -> Signal:
    """Return the signal of so many tokens."""
    return Signal((length,), "int64", "tokens")


def sequence_signal(steps: int, features: int) -> Signal:
    """Return the signal of steps × features."""
    return Signal((steps, features), "float32", "sequence")


def series_info(lengths: tuple[int, int, int], options: Options) -> DatasetInfo:
    """Return the facts of windows along a series whose stretches have these lengths."""
    window, horizon = options["window"], options["horizon"]
    counts = [window_count(length, window, 1, horizon) for length in lengths]
    return DatasetInfo(
        {"samples": sequence_signal(window, 1)},
        Signal((horizon,), "float32", "value"),
        {"features": 1, "window": window, "horizon": horizon},
        samples=dict(zip(SUBSETS, counts, strict=True)),
    )


def synthetic_info(source: str, options: Options, split: Split) -> DatasetInfo | None:
    """Return the facts of a generated source, None for any other."""
    if source == "series":
        return series_info(subset_sizes(options["samples"], split, has_test=False), options)
    if source not in INFO_BY_SOURCE:
        return None
    train, *held_out = subset_sizes(options["samples"], split, has_test=False)
    sizes = (training_size(train, split), *held_out)
    return replace(INFO_BY_SOURCE[source](options), samples=dict(zip(SUBSETS, sizes, strict=True)))


def _adding(options: Options) -> DatasetInfo:
    length = options["length"]
    inputs = {"samples": sequence_signal(length, 2)}
    return DatasetInfo(inputs, Signal((), "float32", "value"), {"features": 2, "window": length})


def _copying(options: Options) -> DatasetInfo:
    length, kinds = 2 * options["symbols"] + options["delay"], len(SYMBOLS)
    numbers = {"vocabulary": kinds, "window": length, "classes": kinds}
    inputs = {"tokens": token_signal(length)}
    return DatasetInfo(inputs, Signal((length,), "int64", "class"), numbers, SYMBOLS.tokens)


def _reversal(options: Options) -> DatasetInfo:
    length = options["longest"] + 1
    inputs = {"tokens": token_signal(length), "target tokens": token_signal(length)}
    return DatasetInfo(inputs, token_signal(length), {"vocabulary": len(LETTERS), "window": length})


def _dates(options: Options) -> DatasetInfo:
    del options
    inputs = {"tokens": token_signal(FORMATTED_LENGTH), "target tokens": token_signal(ISO_LENGTH)}
    numbers = {"vocabulary": len(CHARACTERS), "window": FORMATTED_LENGTH}
    return DatasetInfo(inputs, token_signal(ISO_LENGTH), numbers)


def _reviews(options: Options) -> DatasetInfo:
    del options
    numbers = {"vocabulary": len(REVIEW_WORDS), "window": REVIEW_LENGTH, "classes": 2}
    inputs = {"tokens": token_signal(REVIEW_LENGTH)}
    return DatasetInfo(inputs, Signal((), "int64", "class"), numbers, REVIEW_CLASSES)


INFO_BY_SOURCE: Mapping[str, Callable[[Options], DatasetInfo]] = {
    "adding": _adding,
    "copy-memory": _copying,
    "word-reversal": _reversal,
    "dates": _dates,
    "reviews": _reviews,
}
"""Facts without counts of each source whose samples are made one by one."""
