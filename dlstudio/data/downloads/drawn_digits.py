"""Digits drawn for dlstudio, shown while MNIST is not downloaded."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.sources.framework.builtin_info import DIGITS
from dlstudio.resources import resource

_SIZE = 28


def read_drawn_digits() -> RawSamples:
    """Return the drawings on the sheet, whose columns are the digits, row by row."""
    with Image.open(resource("drawn-digits.png")) as image:
        sheet = torch.from_numpy(np.array(image))
    cells = sheet.unfold(0, _SIZE, _SIZE).unfold(1, _SIZE, _SIZE)
    rows, columns = cells.shape[:2]
    samples = cells.reshape(rows * columns, 1, _SIZE, _SIZE).contiguous()
    return RawSamples(
        Subset({"samples": samples}, torch.arange(columns).repeat(rows)), class_names=DIGITS
    )
