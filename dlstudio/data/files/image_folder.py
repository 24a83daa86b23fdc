"""Reads folders of images, with one sub-folder per class or without classes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.class_folders import LabelledFiles, find_class_folders
from dlstudio.data.files.images import (
    Pixels,
    allocate,
    decode_image,
    decode_readable,
    find_images,
    image_format,
)
from dlstudio.data.files.truncated_list import truncate_list
from dlstudio.data.sources.framework.read_request import ReadRequest


def read_image_folder(request: ReadRequest) -> RawSamples:
    """Return all images of class folders, resized; unreadable ones are skipped with a warning.

    A folder that contains `train` and `test` folders of classes has its own test set.

    Raises:
        DataError: There are no class folders, or no image can be read.
        Cancelled: `cancelled` returned True.
    """
    folders = find_class_folders(request.file, find_images, "images")
    warnings: list[str] = []
    train = _read_labelled(folders.train, request, warnings)
    if train is None:
        raise DataError(f"No image in {folders.root} can be read. First problem: {warnings[0]}.")
    test = None
    if folders.test is not None:
        test = _read_labelled(folders.test, request, warnings)
    return RawSamples(
        train, test=test, class_names=folders.names, warnings=_truncate_warnings(warnings)
    )


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
    pixels, readable = _decode_images(paths, request, warnings)
    if not readable:
        raise DataError(f"No image in {path} can be read. First problem: {warnings[0]}.")
    return RawSamples(
        Subset({"samples": torch.from_numpy(pixels)}), warnings=_truncate_warnings(warnings)
    )


def _truncate_warnings(warnings: Sequence[str]) -> tuple[str, ...]:
    return tuple(truncate_list(list(warnings), "images"))


def _read_labelled(
    files: LabelledFiles, request: ReadRequest, warnings: list[str]
) -> Subset | None:
    """Decode images with their classes; None if none can be read."""
    pixels, readable = _decode_images(files.paths, request, warnings)
    if not readable:
        return None
    labels = torch.tensor([files.labels[position] for position in readable], dtype=torch.int64)
    return Subset({"samples": torch.from_numpy(pixels)}, labels)


def _decode_images(
    paths: Sequence[Path], request: ReadRequest, warnings: list[str]
) -> tuple[Pixels, list[int]]:
    """Return the readable images, and their indices in `paths`."""
    shape = image_format(request.options)
    pixels = allocate(len(paths), shape)
    readable: list[int] = []
    decode = partial(decode_image, shape=shape)
    for position, image in decode_readable(paths, decode, request, warnings):
        pixels[len(readable)] = image
        readable.append(position)
    return pixels[: len(readable)], readable
