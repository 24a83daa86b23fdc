"""Reads folders of images, with one sub-folder per class or without classes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.images import (
    allocate,
    decode_image,
    decode_readable,
    find_images,
    image_format,
)
from dlstudio.data.files.labelled_folder import read_labelled_folder
from dlstudio.data.files.truncated_list import truncate_list
from dlstudio.data.sources.framework.read_request import ReadRequest


def read_image_folder(request: ReadRequest) -> RawSamples:
    """Return all images of class folders, resized; unreadable ones are skipped with a warning.

    A folder that contains `train` and `test` folders of classes has its own test set.

    Raises:
        DataError: There are no class folders, or no image can be read.
        Cancelled: `cancelled` returned True.
    """
    return read_labelled_folder(request, find_images, _read_images, "image", "images")


def read_unlabelled_folder(request: ReadRequest) -> RawSamples:
    """Return all images below a folder, without targets.

    Raises:
        DataError: The path is not a folder, or no image can be read.
        Cancelled: `cancelled` returned True.
    """
    path = request.file
    if not path.is_dir():
        raise DataError(f"{path} is a file. Choose a folder of images.")
    paths = find_images(path)
    if not paths:
        raise DataError(f"{path} contains no images.")
    warnings: list[str] = []
    images, readable = _read_images(paths, request, warnings)
    if not readable:
        raise DataError(f"No image in {path} can be read. First problem: {warnings[0]}.")
    return RawSamples(
        Subset({"samples": images}), warnings=tuple(truncate_list(warnings, "images"))
    )


def _read_images(
    paths: Sequence[Path], request: ReadRequest, warnings: list[str]
) -> tuple[Tensor, list[int]]:
    """Return the readable images (N, C, H, W), and their indices in `paths`."""
    shape = image_format(request.options)
    pixels = allocate(len(paths), shape)
    readable: list[int] = []
    decode = partial(decode_image, shape=shape)
    for position, image in decode_readable(paths, decode, request, warnings):
        pixels[len(readable)] = image
        readable.append(position)
    return torch.from_numpy(pixels[: len(readable)]), readable
