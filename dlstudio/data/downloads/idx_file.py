"""Reads the IDX files of MNIST and similar data sets, compressed or not."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.errors import DataError

_UNSIGNED_BYTES = 8


def read_idx(path: Path) -> Tensor:
    """Return the uint8 tensor of an IDX file, decompressed if its name ends in `.gz`.

    The format: two zero bytes, the element type, the number of axes, each axis as a big-endian
    32-bit integer, then the values (http://yann.lecun.com/exdb/mnist/).

    Raises:
        DataError: The file is truncated, corrupt or not an IDX file of bytes.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        zeros, kind, axes = struct.unpack(">HBB", content[:4])
        shape = struct.unpack(f">{axes}I", content[4 : 4 + 4 * axes])
    except (OSError, EOFError, struct.error, zlib.error) as error:
        raise DataError(
            f"{path} cannot be read ({error}). Delete it to download it again."
        ) from error
    start = 4 + 4 * axes
    if zeros != 0 or kind != _UNSIGNED_BYTES or len(content) - start != math.prod(shape):
        raise DataError(f"{path} is not a complete IDX file. Delete it to download it again.")
    return torch.from_numpy(np.frombuffer(bytearray(content), np.uint8, offset=start)).reshape(
        shape
    )
