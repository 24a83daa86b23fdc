"""Finds image files and decodes them to one size in a few threads."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from dlstudio.data.core import errors
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.progress import IsCancelled, ProgressCallback
from dlstudio.data.sources.framework.read_request import ReadRequest

Pixels = npt.NDArray[np.uint8]
T = TypeVar("T")

_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
)
READ_ERRORS = (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError)
"""Exceptions raised by reading a file that is not a valid image."""
_MODES = {"rgb": "RGB", "grey": "L"}
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """Common format that every image is converted to."""

    mode: str
    height: int
    width: int

    @property
    def channels(self) -> int:
        """Number of colour channels, 1 or 3."""
        return len(self.mode)


def image_format(options: Mapping[str, Any]) -> ImageFormat:
    """Return the format that the options `colour` and `size` ask for."""
    return ImageFormat(_MODES[options["colour"]], *options["size"])


def subfolders(path: Path) -> list[Path]:
    """Return the sub-folders, sorted, without hidden ones."""
    return sorted(entry for entry in path.iterdir() if entry.is_dir() and entry.name[0] != ".")


def find_files(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    """Return the files with one of these suffixes, anywhere below a folder, sorted."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in suffixes and path.is_file() and path.name[0] != "."
    )


def find_images(folder: Path) -> list[Path]:
    """Return the image files anywhere below a folder, sorted."""
    return find_files(folder, _SUFFIXES)


def allocate(count: int, shape: ImageFormat) -> Pixels:
    """Return an uninitialised array for `count` images; DataError if memory is too small."""
    size = (count, shape.channels, shape.height, shape.width)
    try:
        return np.empty(size, np.uint8)
    except MemoryError as error:
        needed = np.prod(size, dtype=float) / 1e9
        raise DataError(
            f"{count:,} images of {shape.width}×{shape.height} need {needed:.1f} GB of memory. "
            "Choose a smaller size."
        ) from error


def _decode_all(
    paths: Sequence[Path],
    decode: Callable[[Path], T],
    progress: ProgressCallback,
    cancelled: IsCancelled,
    noun: str,
) -> Iterator[T]:
    """Yield the result of `decode` for each file, in their order, using up to 8 threads.

    Raises:
        Cancelled: `cancelled` returned True.
    """
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1), noun) as pool:
        for start in range(0, len(paths), _BLOCK):
            if cancelled():
                raise errors.Cancelled
            progress(f"Reading {noun}: {start:,} of {len(paths):,}", start / len(paths))
            yield from pool.map(decode, paths[start : start + _BLOCK])


def decode_readable(
    paths: Sequence[Path],
    decode: Callable[[Path], T | str],
    request: ReadRequest,
    warnings: list[str],
    noun: str = "images",
) -> Iterator[tuple[int, T]]:
    """Yield the index and the result of each file that can be read.

    Args:
        paths: The files.
        decode: Returns the result, or a warning if the file cannot be read.
        request: Receives the progress, and may be cancelled.
        warnings: Extended by the warnings.
        noun: Plural name of the files in messages.

    Raises:
        Cancelled: The request was cancelled.
    """
    results = _decode_all(paths, decode, request.progress, request.cancelled, noun)
    for index, result in enumerate(results):
        if isinstance(result, str):
            warnings.append(result)
        else:
            yield index, result


def decode_image(path: Path, shape: ImageFormat) -> Pixels | str:
    """Return pixels `(C, H, W)`, or a warning if the file cannot be read."""
    try:
        with Image.open(path) as image:
            image.draft(shape.mode, (shape.width * 2, shape.height * 2))
            upright = ImageOps.exif_transpose(image)
            flat = _to_8_bit_opaque(upright).convert(shape.mode)
            sized = flat.resize((shape.width, shape.height), Image.Resampling.BILINEAR)
    except READ_ERRORS as error:
        return f"{path}: {error}; skipped"
    pixels = np.asarray(sized, np.uint8)
    return pixels[None] if shape.channels == 1 else pixels.transpose(2, 0, 1)


def _to_8_bit_opaque(image: Image.Image) -> Image.Image:
    """Convert 16-bit grey values to 8 bits, and blend transparent pixels with white."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) / 257).clip(0, 255).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        opaque = image.convert("RGBA")
        white = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(white, opaque)
    return image
