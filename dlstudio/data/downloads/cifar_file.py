"""Reads CIFAR's batch files, which are pickles, without unpickling them."""

from __future__ import annotations

import pickletools
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.errors import DataError

_LABEL_KEYS = ("labels", "fine_labels")
_NUMBERS = ("BININT", "BININT1", "BININT2")
_SIDE = 32
_BYTES = 3 * _SIDE * _SIDE


def read_cifar(content: bytes, path: Path) -> tuple[Tensor, Tensor]:
    """Return uint8 images `(N, 3, 32, 32)` and int64 labels `(N,)` of one batch file.

    The file's opcodes are parsed, never executed: the longest string holds the pixels, the
    integers after the labels' key are the labels (https://www.cs.toronto.edu/~kriz/cifar.html).

    Raises:
        DataError: The file is truncated or not a CIFAR batch.
    """
    labels: list[int] = []
    pixels: str | bytes = b""
    in_labels = False
    try:
        for opcode, argument, _ in pickletools.genops(content):
            if isinstance(argument, (str, bytes)):
                in_labels = argument in _LABEL_KEYS
                pixels = argument if len(argument) > len(pixels) else pixels
            elif in_labels and isinstance(argument, int) and opcode.name in _NUMBERS:
                labels.append(argument)
    except (ValueError, IndexError) as error:
        raise _damaged(path) from error
    raw = pixels.encode("latin-1") if isinstance(pixels, str) else pixels
    if not labels or len(raw) != len(labels) * _BYTES:
        raise _damaged(path)
    images = np.frombuffer(bytearray(raw), np.uint8).reshape(-1, 3, _SIDE, _SIDE)
    return torch.from_numpy(images), torch.tensor(labels, dtype=torch.int64)


def _damaged(path: Path) -> DataError:
    return DataError(f"{path} is not a complete CIFAR batch. Delete it to download it again.")
