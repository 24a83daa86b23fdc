"""Reads folders of pictures: one sub-folder for each class, or all without a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from dlstudio.data.class_folders import Labelled, find_class_folders
from dlstudio.data.errors import DataError
from dlstudio.data.parts import Cancelled, Part, Progress, Samples
from dlstudio.data.pictures import (
    PictureFormat,
    Pixels,
    decode,
    decoded,
    format_of,
    pictures_in,
    room,
)
from dlstudio.data.warning_lines import shortened


def read_image_folder(
    path: Path, options: Mapping[str, Any], progress: Progress, cancelled: Cancelled
) -> Samples:
    """Return all pictures below `path`, brought to one size; broken ones are left out and told.

    A folder that holds `train` and `test` folders of classes brings its own test part.

    Raises:
        DataError: There are no class folders, or no picture can be read.
        Cancelled: `cancelled` said so.
    """
    shape = format_of(options)
    folders = find_class_folders(path, pictures_in, "pictures")
    warnings: list[str] = []
    train = _labelled(folders.train, shape, progress, cancelled, warnings)
    if train is None:
        raise DataError(f"No picture in {folders.root} can be read. First: {warnings[0]}.")
    test = None
    if folders.test is not None:
        test = _labelled(folders.test, shape, progress, cancelled, warnings)
    return Samples(train, own_test=test, class_names=folders.names, warnings=_told(warnings))


def read_picture_folder(
    path: Path, options: Mapping[str, Any], progress: Progress, cancelled: Cancelled
) -> Samples:
    """Return all pictures below `path` with nothing to predict.

    Raises:
        DataError: It is no folder, or no picture can be read.
        Cancelled: `cancelled` said so.
    """
    if not path.is_dir():
        raise DataError(f"{path} is a file; a folder of pictures is needed.")
    paths = pictures_in(path)
    if not paths:
        raise DataError(f"{path} holds no pictures.")
    warnings: list[str] = []
    pixels, readable = _read(paths, format_of(options), progress, cancelled, warnings)
    if not readable:
        raise DataError(f"No picture in {path} can be read. First: {warnings[0]}.")
    return Samples(Part({"samples": torch.from_numpy(pixels)}), warnings=_told(warnings))


def _told(warnings: Sequence[str]) -> tuple[str, ...]:
    return tuple(shortened(list(warnings), "pictures"))


def _labelled(
    listed: Labelled,
    shape: PictureFormat,
    progress: Progress,
    cancelled: Cancelled,
    warnings: list[str],
) -> Part | None:
    """Decode pictures with their classes; None where none could be read."""
    pixels, readable = _read(listed.paths, shape, progress, cancelled, warnings)
    if not readable:
        return None
    labels = torch.tensor([listed.labels[position] for position in readable], dtype=torch.int64)
    return Part({"samples": torch.from_numpy(pixels)}, labels)


def _read(
    paths: Sequence[Path],
    shape: PictureFormat,
    progress: Progress,
    cancelled: Cancelled,
    warnings: list[str],
) -> tuple[Pixels, list[int]]:
    """Return the pictures that could be read, and their places in the list."""
    pixels = room(len(paths), shape)
    readable: list[int] = []
    results = decoded(paths, partial(decode, shape=shape), progress, cancelled)
    for position, result in enumerate(results):
        if isinstance(result, str):
            warnings.append(result)
            continue
        pixels[len(readable)] = result
        readable.append(position)
    return pixels[: len(readable)], readable
