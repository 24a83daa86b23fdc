"""Finds picture files and decodes them to one size, a few at a time."""

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

Pixels = npt.NDArray[np.uint8]
T = TypeVar("T")

_SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
)
READ_ERRORS = (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError)
"""What goes wrong in a file that is no sound picture."""
_MODES = {"rgb": "RGB", "grey": "L"}
_BLOCK = 64


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """What every picture is brought to."""

    mode: str
    height: int
    width: int

    @property
    def channels(self) -> int:
        """Number of colours."""
        return len(self.mode)


def image_format(options: Mapping[str, Any]) -> ImageFormat:
    """Return the format that the options `colour` and `size` ask for."""
    return ImageFormat(_MODES[options["colour"]], *options["size"])


def subfolders(path: Path) -> list[Path]:
    """Return the sub-folders, sorted, without hidden ones."""
    return sorted(entry for entry in path.iterdir() if entry.is_dir() and entry.name[0] != ".")


def find_files(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    """Return the files with one of these endings, anywhere below a folder, sorted."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in suffixes and path.is_file() and path.name[0] != "."
    )


def find_images(folder: Path) -> list[Path]:
    """Return the pictures anywhere below a folder, sorted."""
    return find_files(folder, _SUFFIXES)


def allocate(count: int, shape: ImageFormat) -> Pixels:
    """Return an empty array for that many pictures; DataError where memory does not hold them."""
    size = (count, shape.channels, shape.height, shape.width)
    try:
        return np.empty(size, np.uint8)
    except MemoryError as error:
        needed = np.prod(size, dtype=float) / 1e9
        raise DataError(
            f"{count:,} pictures of {shape.width}×{shape.height} need {needed:.1f} GB of memory. "
            "Choose a smaller size."
        ) from error


def decode_all(
    paths: Sequence[Path],
    decode: Callable[[Path], T],
    progress: ProgressCallback,
    cancelled: IsCancelled,
    noun: str = "pictures",
) -> Iterator[T]:
    """Yield what `decode_image` makes of each file, in their order, by a few threads.

    Raises:
        Cancelled: `cancelled` said so.
    """
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1), noun) as pool:
        for start in range(0, len(paths), _BLOCK):
            if cancelled():
                raise errors.Cancelled
            progress(f"Reading {noun}: {start:,} of {len(paths):,}", start / len(paths))
            yield from pool.map(decode, paths[start : start + _BLOCK])


def decode_image(path: Path, shape: ImageFormat) -> Pixels | str:
    """Return pixels `(C, H, W)`, or a line that says why there are none."""
    try:
        with Image.open(path) as image:
            image.draft(shape.mode, (shape.width * 2, shape.height * 2))
            upright = ImageOps.exif_transpose(image)
            flat = _to_8_bit_opaque(upright).convert(shape.mode)
            sized = flat.resize((shape.width, shape.height), Image.Resampling.BILINEAR)
    except READ_ERRORS as error:
        return f"{path}: {error}; left out"
    pixels = np.asarray(sized, np.uint8)
    return pixels[None] if shape.channels == 1 else pixels.transpose(2, 0, 1)


def _to_8_bit_opaque(image: Image.Image) -> Image.Image:
    """Bring 16-bit greys to 8 bits, and lay what is transparent on white."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) / 257).clip(0, 255).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        opaque = image.convert("RGBA")
        white = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(white, opaque)
    return image
