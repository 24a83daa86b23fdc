"""Reads folders of images, with one sub-folder per class or without classes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.progress import IsCancelled, ProgressCallback
from dlstudio.data.files.class_folders import LabelledFiles, find_class_folders
from dlstudio.data.files.images import (
    ImageFormat,
    Pixels,
    allocate,
    decode_all,
    decode_image,
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
    shape = image_format(request.options)
    progress, cancelled = request.progress, request.cancelled
    folders = find_class_folders(request.file, find_images, "images")
    warnings: list[str] = []
    train = _read_labelled(folders.train, shape, progress, cancelled, warnings)
    if train is None:
        raise DataError(f"No image in {folders.root} can be read. First problem: {warnings[0]}.")
    test = None
    if folders.test is not None:
        test = _read_labelled(folders.test, shape, progress, cancelled, warnings)
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
    pixels, readable = _decode_images(
        paths, image_format(request.options), request.progress, request.cancelled, warnings
    )
    if not readable:
        raise DataError(f"No image in {path} can be read. First problem: {warnings[0]}.")
    return RawSamples(
        Subset({"samples": torch.from_numpy(pixels)}), warnings=_truncate_warnings(warnings)
    )


def _truncate_warnings(warnings: Sequence[str]) -> tuple[str, ...]:
    return tuple(truncate_list(list(warnings), "images"))


def _read_labelled(
    files: LabelledFiles,
    shape: ImageFormat,
    progress: ProgressCallback,
    cancelled: IsCancelled,
    warnings: list[str],
) -> Subset | None:
    """Decode images with their classes; None where none can be read."""
    pixels, readable = _decode_images(files.paths, shape, progress, cancelled, warnings)
    if not readable:
        return None
    labels = torch.tensor([files.labels[position] for position in readable], dtype=torch.int64)
    return Subset({"samples": torch.from_numpy(pixels)}, labels)


def _decode_images(
    paths: Sequence[Path],
    shape: ImageFormat,
    progress: ProgressCallback,
    cancelled: IsCancelled,
    warnings: list[str],
) -> tuple[Pixels, list[int]]:
    """Return the readable images, and their indices in `paths`."""
    pixels = allocate(len(paths), shape)
    readable: list[int] = []
    results = decode_all(paths, partial(decode_image, shape=shape), progress, cancelled)
    for position, result in enumerate(results):
        if isinstance(result, str):
            warnings.append(result)
            continue
        pixels[len(readable)] = result
        readable.append(position)
    return pixels[: len(readable)], readable
