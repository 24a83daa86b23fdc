"""Dataset info of synthetic sequences. Does not import torch."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.data.core.subset_sizes import subset_sizes, training_size
from dlstudio.data.core.window_counts import SUBSETS, window_count
from dlstudio.data.sources.framework.builtin_info import Options
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


def token_signal(length: int) -> Signal:
    """Return the signal of `length` tokens."""
    return Signal((length,), "int64", "tokens")


def sequence_signal(steps: int, features: int) -> Signal:
    """Return the signal of a sequence `(steps, features)`."""
    return Signal((steps, features), "float32", "sequence")


def series_info(lengths: tuple[int, int, int], options: Options) -> DatasetInfo:
    """Return the info of windows along a series whose spans have these lengths."""
    window, horizon = options["window"], options["horizon"]
    counts = [window_count(length, window, 1, horizon) for length in lengths]
    return DatasetInfo(
        {"samples": sequence_signal(window, 1)},
        Signal((horizon,), "float32", "value"),
        {"features": 1, "window": window, "horizon": horizon},
        samples=dict(zip(SUBSETS, counts, strict=True)),
    )


def synthetic_series_info(options: Options, split: Split) -> DatasetInfo:
    """Return the info of a synthetic series, split in time order."""
    return series_info(subset_sizes(options["samples"], split, has_test=False), options)


def _with_counts(info: DatasetInfo, options: Options, split: Split) -> DatasetInfo:
    """Return `info` with the size of each subset."""
    train, *held_out = subset_sizes(options["samples"], split, has_test=False)
    sizes = (training_size(train, split), *held_out)
    return replace(info, samples=dict(zip(SUBSETS, sizes, strict=True)))


def adding_info(options: Options, split: Split) -> DatasetInfo:
    """Return the info of the adding problem."""
    length = options["length"]
    inputs = {"samples": sequence_signal(length, 2)}
    numbers = {"features": 2, "window": length}
    return _with_counts(
        DatasetInfo(inputs, Signal((), "float32", "value"), numbers), options, split
    )


def copy_memory_info(options: Options, split: Split) -> DatasetInfo:
    """Return the info of the copying problem: a class for each step."""
    length, kinds = 2 * options["symbols"] + options["delay"], len(SYMBOLS)
    numbers = {"vocabulary": kinds, "window": length, "classes": kinds}
    inputs = {"tokens": token_signal(length)}
    target = Signal((length,), "int64", "class")
    return _with_counts(DatasetInfo(inputs, target, numbers, SYMBOLS.tokens), options, split)


def word_reversal_info(options: Options, split: Split) -> DatasetInfo:
    """Return the info of words to reverse."""
    length = options["longest"] + 1
    inputs = {"tokens": token_signal(length), "target tokens": token_signal(length)}
    numbers = {"vocabulary": len(LETTERS), "window": length}
    return _with_counts(DatasetInfo(inputs, token_signal(length), numbers), options, split)


def dates_info(options: Options, split: Split) -> DatasetInfo:
    """Return the info of dates."""
    inputs = {"tokens": token_signal(FORMATTED_LENGTH), "target tokens": token_signal(ISO_LENGTH)}
    numbers = {"vocabulary": len(CHARACTERS), "window": FORMATTED_LENGTH}
    return _with_counts(DatasetInfo(inputs, token_signal(ISO_LENGTH), numbers), options, split)


def reviews_info(options: Options, split: Split) -> DatasetInfo:
    """Return the info of film reviews."""
    numbers = {"vocabulary": len(REVIEW_WORDS), "window": REVIEW_LENGTH, "classes": 2}
    inputs = {"tokens": token_signal(REVIEW_LENGTH)}
    target = Signal((), "int64", "class")
    return _with_counts(DatasetInfo(inputs, target, numbers, REVIEW_CLASSES), options, split)
