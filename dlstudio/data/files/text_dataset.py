"""A text as windows of tokens, each with the same window shifted by one token as its target."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.data.core.dataset import DataSet, Subset
from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.core.window_views import sliding_windows
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.text.token_text import load_text, random_window_count, text_info, tokenise


def read_text_dataset(request: ReadRequest) -> DataSet:
    """Return a text (without a path, Python's manual), split in order: the test span is last.

    Raises:
        DataError: The file cannot be read, is not text, or is too short.
    """
    path, options = request.path, request.options
    name = "Python's manual" if path is None else path.name
    decoded = load_text(path)
    text = tokenise(decoded.text, options, request.split, name)
    window, random = options["window"], options["windows"] == "random"
    spans = torch.from_numpy(text.token_ids).split(list(text.lengths))
    steps = (1 if random else options["stride"] or window, window, window)
    train, validation, test = map(_subset, spans, [window] * 3, steps)
    assert train is not None
    if random:
        train = Subset(train.inputs, train.target, random_window_count(text.lengths[0], options))
    return DataSet(
        train, validation, test, text_info(text, options), Normaliser(),
        vocabulary=text.vocabulary, warnings=decoded.warnings(name),
    )  # fmt: skip


def _subset(span: Tensor, window: int, stride: int) -> Subset | None:
    """Return the windows of a span and, as targets, the windows shifted by one token."""
    if not len(span):
        return None
    inputs = {"tokens": sliding_windows(span[:-1], window, stride)}
    return Subset(inputs, sliding_windows(span[1:], window, stride))
