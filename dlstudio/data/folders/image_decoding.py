"""Decodes image files to one size in a few threads."""

from __future__ import annotations

import math
import os
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from dlstudio.data.core import errors
from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.progress import IsCancelled, ProgressCallback
from dlstudio.data.folders.brightness import BrightnessRules, ValueRange, is_deep, value_range
from dlstudio.data.folders.folder_tree import relative_path
from dlstudio.data.sources.framework.read_request import ReadRequest

Pixels = npt.NDArray[np.uint8]
T = TypeVar("T")

READ_ERRORS = (
    OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, AttributeError,
    EOFError, RuntimeError, MemoryError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
"""Exceptions raised by reading a file that is not a valid image."""
_MODES = {"rgb": "RGB", "grey": "L"}
_BLOCK = 64
_FRAME_FORMATS = frozenset({"GIF", "TIFF", "WEBP", "PNG", "AVIF"})


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


@dataclass(frozen=True, slots=True)
class DecodedImage:
    """The content of an image file.

    Attributes:
        pixels: Pixels `(C, H, W)`; None if the range of all files decides how values are scaled.
        range: Range of values with more than 8 bits.
        is_first_frame: Whether the file contains further images.
        size: Width and height in the file.
    """

    pixels: Pixels | None
    range: ValueRange | None = None
    is_first_frame: bool = False
    size: tuple[int, int] = (0, 0)


def image_format(options: Mapping[str, Any]) -> ImageFormat:
    """Return the format that the options `colour` and `size` ask for."""
    return ImageFormat(_MODES[options["colour"]], *options["size"])


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
    left_out: list[LeftOut],
    noun: str = "image",
) -> Iterator[tuple[int, T]]:
    """Yield the index and the result of each file that can be read.

    Args:
        paths: The files.
        decode: Returns the result, or the reason why the file cannot be read.
        request: Names the folder, receives the progress, and may be cancelled.
        left_out: Extended by the files that cannot be read.
        noun: What a file holds, in the singular.

    Raises:
        Cancelled: The request was cancelled.
    """
    results = _decode_all(paths, decode, request.progress, request.cancelled, f"{noun}s")
    for index, result in enumerate(results):
        if isinstance(result, str):
            left_out.append(LeftOut(noun, relative_path(paths[index], request.file), result))
        else:
            yield index, result


def decode_image(
    path: Path, shape: ImageFormat, rules: BrightnessRules | None = None
) -> DecodedImage | str:
    """Return an image in this format, or the reason why the file cannot be read.

    Args:
        path: The file.
        shape: The format.
        rules: How values with more than 8 bits are scaled; without, only their range is returned.
    """
    try:
        with Image.open(path) as image:
            has_frames = image.format in _FRAME_FORMATS and getattr(image, "is_animated", False)
            size = image.size
            image.draft(shape.mode, (shape.width * 2, shape.height * 2))
            upright = ImageOps.exif_transpose(image)
            if is_deep(upright) and rules is None:
                found_range = value_range(upright)
                return DecodedImage(None, found_range, has_frames, size)
            flat = rules.apply(upright) if rules and is_deep(upright) else _opaque(upright)
            sized = flat.convert(shape.mode).resize(
                (shape.width, shape.height), Image.Resampling.BILINEAR
            )
    except READ_ERRORS as error:
        return read_problem(error)
    pixels = np.asarray(sized, np.uint8)
    pixels = pixels[None] if shape.channels == 1 else pixels.transpose(2, 0, 1)
    return DecodedImage(pixels, is_first_frame=has_frames, size=size)


def scaling_note(sizes: Sequence[tuple[int, int]], shape: ImageFormat) -> str:
    """Return how images of these widths and heights were scaled, empty if none was."""
    target = (shape.width, shape.height)
    others = [size for size in sizes if size != target]
    if not others:
        return ""
    small, large = min(others, key=math.prod), max(others, key=math.prod)
    known = _size_text(small) if small == large else f"{_size_text(small)} to {_size_text(large)}"
    verb = "image of {} pixels is" if len(others) == 1 else "images of {} pixels are"
    text = f"{len(others):,} {verb.format(known)} scaled to {_size_text(target)}"
    stretched = sum(1 for w, h in others if abs(w * target[1] - h * target[0]) > max(w, h))
    return f"{text}; the proportions of {stretched:,} of them change" if stretched else text


def _size_text(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"


def read_problem(error: BaseException) -> str:
    """Return why an image cannot be read, without the path that Pillow repeats."""
    if isinstance(error, UnidentifiedImageError):
        return "not an image that can be read"
    if isinstance(error, Image.DecompressionBombError):
        return "the image claims to have too many pixels"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).strip().rstrip(".") or "the file is damaged"


def _opaque(image: Image.Image) -> Image.Image:
    """Blend transparent pixels with white."""
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        opaque = image.convert("RGBA")
        white = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(white, opaque)
    return image
