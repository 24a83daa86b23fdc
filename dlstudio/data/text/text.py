"""A text as windows of tokens, each with the same window one token further on as its target."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from dlstudio.data.core.dataset import DataSet, Subset
from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.core.window_views import sliding_windows
from dlstudio.data.text.token_text import load_text, random_window_count, text_info, tokenise
from dlstudio.design.model.data_settings import Split


def read_text_dataset(path: Path | None, options: Mapping[str, Any], split: Split) -> DataSet:
    """Return a text, or Python's own manual for None, in stretches: the test part lies last.

    Raises:
        DataError: It cannot be read, is no text, or is too short.
    """
    name = "Python's manual" if path is None else path.name
    text = tokenise(load_text(path), options, split, name)
    window, random = options["window"], options["windows"] == "random"
    spans = torch.from_numpy(text.token_ids).split(list(text.lengths))
    steps = (1 if random else options["stride"] or window, window, window)
    train, validation, test = map(_subset, spans, [window] * 3, steps)
    assert train is not None
    if random:
        train = Subset(train.inputs, train.target, random_window_count(text.lengths[0], options))
    return DataSet(
        train, validation, test, text_info(text, options), Normaliser(),
        vocabulary=text.vocabulary,
    )  # fmt: skip


def _subset(span: Tensor, window: int, stride: int) -> Subset | None:
    """Return the windows of a stretch and, as their targets, those one token further on."""
    if not len(span):
        return None
    inputs = {"tokens": sliding_windows(span[:-1], window, stride)}
    return Subset(inputs, sliding_windows(span[1:], window, stride))
