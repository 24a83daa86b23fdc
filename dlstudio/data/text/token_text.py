"""A text as token ids in three spans, and its dataset info. Does not import torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from dlstudio.data.core.errors import DataError
from dlstudio.data.core.split import IntArray
from dlstudio.data.core.subset_sizes import subset_sizes
from dlstudio.data.core.vocabulary import Vocabulary, fit_vocabulary, split_text
from dlstudio.data.core.window_counts import SUBSETS, random_windows_per_epoch, window_count
from dlstudio.data.text.decoding import UTF_8, DecodedText
from dlstudio.data.text.text_file import read_decoded
from dlstudio.design.model.data_settings import Split
from dlstudio.design.model.signals import DatasetInfo, Signal


@dataclass(frozen=True, slots=True)
class TokenText:
    """A whole text as token ids.

    Attributes:
        token_ids: Token ids in reading order (L,).
        lengths: Tokens in the training, validation and test span.
    """

    token_ids: IntArray
    vocabulary: Vocabulary
    lengths: tuple[int, int, int]


def load_text(path: Path | None) -> DecodedText:
    """Return the text of a file, or the manual that ships with Python for None.

    Raises:
        DataError: The file cannot be read, or is not text.
    """
    if path is None:
        return DecodedText(_python_manual(), UTF_8)
    if path.is_dir():
        raise DataError(f"{path} is a folder. Choose a text file in it.")
    return read_decoded(path)


def _python_manual() -> str:
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise DataError(
            "Python's manual is not installed. Choose a text file in the data settings."
        ) from error
    return "\n".join(topics[name] for name in sorted(topics))


def tokenise(text: str, options: Mapping[str, Any], split: Split, name: str) -> TokenText:
    """Return a text as token ids; the vocabulary is fitted on the training span only.

    Raises:
        DataError: The text is empty, or a span is shorter than a window.
    """
    unit = options["unit"]
    tokens = split_text(text, unit)
    lengths = subset_sizes(len(tokens), split, has_test=False)
    if not text.strip():
        raise DataError(f"{name} is empty. Choose a file that contains text.")
    for subset, length in zip(SUBSETS, lengths, strict=True):
        needed = options["window"] + 1
        if length < needed and (length or subset == "train"):
            raise DataError(
                f"The {subset} span of {name} has {length:,} {unit}; a window and its next token "
                f"need {needed:,}. Make the window shorter, or choose a longer text."
            )
    vocabulary = fit_vocabulary(tokens[: lengths[0]], unit, options["most"])
    return TokenText(vocabulary.to_ids(tokens), vocabulary, lengths)


def random_window_count(length: int, options: Mapping[str, Any]) -> int:
    """Return how many random windows an epoch draws from a span of `length` tokens."""
    return options["per_epoch"] or random_windows_per_epoch(length, options["window"])


def text_info(text: TokenText, options: Mapping[str, Any]) -> DatasetInfo:
    """Return the dataset info of a text."""
    window = options["window"]
    train, validation, test = text.lengths
    samples = {
        "train": random_window_count(train, options) if options["windows"] == "random"
        else window_count(train, window, options["stride"] or window),
        "validation": window_count(validation, window, window),
        "test": window_count(test, window, window),
    }  # fmt: skip
    tokens = Signal((window,), "int64", "tokens")
    return DatasetInfo(
        inputs={"tokens": tokens},
        target=tokens,
        numbers={"vocabulary": len(text.vocabulary), "window": window},
        samples=samples,
    )


def source_info(options: Mapping[str, Any], split: Split) -> DatasetInfo | None:
    """Return the dataset info of Python's manual, None for the user's own text.

    Raises:
        DataError: A span is shorter than a window with these options.
    """
    if options["path"]:
        return None
    return _cached_manual_info(tuple(sorted(options.items())), split)


@lru_cache(maxsize=8)
def _cached_manual_info(options: tuple[tuple[str, Any], ...], split: Split) -> DatasetInfo:
    option_values = dict(options)
    return text_info(
        tokenise(_python_manual(), option_values, split, "Python's manual"), option_values
    )
