"""Reads folders of pictures: one sub-folder for each class, or all without a class."""

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
    """Return all pictures below `path`, brought to one size; broken ones are left out and told.

    A folder that holds `train` and `test` folders of classes brings its own test part.

    Raises:
        DataError: There are no class folders, or no picture can be read.
        Cancelled: `cancelled` said so.
    """
    shape = image_format(request.options)
    progress, cancelled = request.progress, request.cancelled
    folders = find_class_folders(request.file, find_images, "pictures")
    warnings: list[str] = []
    train = _read_labelled(folders.train, shape, progress, cancelled, warnings)
    if train is None:
        raise DataError(f"No picture in {folders.root} can be read. First: {warnings[0]}.")
    test = None
    if folders.test is not None:
        test = _read_labelled(folders.test, shape, progress, cancelled, warnings)
    return RawSamples(
        train, test=test, class_names=folders.names, warnings=_truncate_warnings(warnings)
    )


def read_unlabelled_folder(request: ReadRequest) -> RawSamples:
    """Return all pictures below `path` with nothing to predict.

    Raises:
        DataError: It is no folder, or no picture can be read.
        Cancelled: `cancelled` said so.
    """
    path = request.file
    if not path.is_dir():
        raise DataError(f"{path} is a file; a folder of pictures is needed.")
    paths = find_images(path)
    if not paths:
        raise DataError(f"{path} holds no pictures.")
    warnings: list[str] = []
    pixels, readable = _decode_images(
        paths, image_format(request.options), request.progress, request.cancelled, warnings
    )
    if not readable:
        raise DataError(f"No picture in {path} can be read. First: {warnings[0]}.")
    return RawSamples(
        Subset({"samples": torch.from_numpy(pixels)}), warnings=_truncate_warnings(warnings)
    )


def _truncate_warnings(warnings: Sequence[str]) -> tuple[str, ...]:
    return tuple(truncate_list(list(warnings), "pictures"))


def _read_labelled(
    files: LabelledFiles,
    shape: ImageFormat,
    progress: ProgressCallback,
    cancelled: IsCancelled,
    warnings: list[str],
) -> Subset | None:
    """Decode pictures with their classes; None where none could be read."""
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
    """Return the pictures that could be read, and their places in the list."""
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
