"""Reads a folder of pictures, one sub-folder for each class."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps

from dlstudio.data import errors
from dlstudio.data.errors import DataError
from dlstudio.data.parts import Cancelled, Part, Progress, Samples
from dlstudio.data.warning_lines import shortened

_ENDINGS = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
)
_BROKEN = (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError)
_MODES = {"rgb": "RGB", "grey": "L"}
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class _Picture:
    path: Path
    label: int


@dataclass(frozen=True, slots=True)
class _Format:
    mode: str
    height: int
    width: int

    @property
    def channels(self) -> int:
        return len(self.mode)


def read_image_folder(
    path: Path, options: Mapping[str, Any], progress: Progress, cancelled: Cancelled
) -> Samples:
    """Return all pictures below `path`, brought to one size; broken ones are left out and told.

    A folder that holds `train` and `test` folders of classes brings its own test part.

    Raises:
        DataError: There are no class folders, or no picture can be read.
        Cancelled: `cancelled` said so.
    """
    if not path.is_dir():
        raise DataError(f"{path} is a file; a folder of pictures is needed.")
    shape = _Format(_MODES[options["colour"]], *options["size"])
    train_root, test_root = path, None
    if (path / "train").is_dir() and (path / "test").is_dir() and _folders(path / "train"):
        train_root, test_root = path / "train", path / "test"
    names = tuple(folder.name for folder in _folders(train_root) if _pictures_in(folder))
    if len(names) < 2:
        raise DataError(
            f"{path} needs a sub-folder of pictures for each class, at least two of them; "
            f"{len(names)} found."
        )
    warnings: list[str] = []
    train = _read(_listed(train_root, names), shape, progress, cancelled, warnings)
    if train is None:
        raise DataError(f"No picture in {train_root} can be read. First: {warnings[0]}.")
    test = None
    if test_root is not None:
        test = _read(_listed(test_root, names), shape, progress, cancelled, warnings)
    return Samples(
        train, own_test=test, class_names=names, warnings=tuple(shortened(warnings, "pictures"))
    )


def _folders(path: Path) -> list[Path]:
    return sorted(each for each in path.iterdir() if each.is_dir() and each.name[0] != ".")


def _pictures_in(folder: Path) -> list[Path]:
    return sorted(
        each
        for each in folder.rglob("*")
        if each.suffix.lower() in _ENDINGS and each.is_file() and each.name[0] != "."
    )


def _listed(root: Path, names: Sequence[str]) -> list[_Picture]:
    return [
        _Picture(path, label)
        for label, name in enumerate(names)
        for path in _pictures_in(root / name)
    ]


def _read(
    listed: Sequence[_Picture],
    shape: _Format,
    progress: Progress,
    cancelled: Cancelled,
    warnings: list[str],
) -> Part | None:
    """Decode pictures in a few threads; None where none could be read."""
    pixels = _room(len(listed), shape)
    labels: list[int] = []
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1), "pictures") as pool:
        for start, block in _blocks(listed):
            if cancelled():
                raise errors.Cancelled
            progress(f"Reading pictures: {start:,} of {len(listed):,}", start / len(listed))
            decoded = pool.map(lambda picture: _decode(picture.path, shape), block)
            for picture, result in zip(block, decoded, strict=True):
                if isinstance(result, str):
                    warnings.append(result)
                    continue
                pixels[len(labels)] = result
                labels.append(picture.label)
    if not labels:
        return None
    return Part(
        {"samples": torch.from_numpy(pixels[: len(labels)])},
        torch.tensor(labels, dtype=torch.int64),
    )


def _room(count: int, shape: _Format) -> np.ndarray[Any, np.dtype[np.uint8]]:
    size = (count, shape.channels, shape.height, shape.width)
    try:
        return np.empty(size, np.uint8)
    except MemoryError as error:
        needed = np.prod(size, dtype=float) / 1e9
        raise DataError(
            f"{count:,} pictures of {shape.width}×{shape.height} need {needed:.1f} GB of memory. "
            "Choose a smaller size."
        ) from error


def _blocks(listed: Sequence[_Picture]) -> Iterator[tuple[int, Sequence[_Picture]]]:
    for start in range(0, len(listed), _BLOCK):
        yield start, listed[start : start + _BLOCK]


def _decode(path: Path, shape: _Format) -> np.ndarray[Any, np.dtype[np.uint8]] | str:
    """Return pixels `(C, H, W)`, or a line that says why there are none."""
    try:
        with Image.open(path) as picture:
            picture.draft(shape.mode, (shape.width * 2, shape.height * 2))
            upright = ImageOps.exif_transpose(picture)
            flat = _flat(upright).convert(shape.mode)
            sized = flat.resize((shape.width, shape.height), Image.Resampling.BILINEAR)
    except _BROKEN as error:
        return f"{path}: {error}; left out"
    pixels = np.asarray(sized, np.uint8)
    return pixels[None] if shape.channels == 1 else pixels.transpose(2, 0, 1)


def _flat(picture: Image.Image) -> Image.Image:
    """Bring 16-bit greys to 8 bits, and lay what is transparent on white."""
    if picture.mode.startswith("I"):
        return Image.fromarray((np.asarray(picture) / 257).clip(0, 255).astype(np.uint8))
    if picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info:
        opaque = picture.convert("RGBA")
        white = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(white, opaque)
    return picture
