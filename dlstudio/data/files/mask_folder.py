"""Reads images and their masks, which hold a class per pixel as a grey value or a colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageOps

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.images import (
    READ_ERRORS,
    ImageFormat,
    Pixels,
    allocate,
    decode_image,
    decode_readable,
    find_images,
    image_format,
)
from dlstudio.data.files.truncated_list import truncate_list
from dlstudio.data.sources.framework.read_request import ReadRequest

PICTURES, MASKS, CLASSES = "pictures", "masks", "classes.txt"
_MAX_VALUES = 64

Values = npt.NDArray[np.int64]


def read_mask_folder(request: ReadRequest) -> RawSamples:
    """Return the images in `pictures/` with the masks of the same name in `masks/`.

    Grey and palette masks hold numbers, others colours. With a file `classes.txt` of one name per
    line, a number is the index of its line; without one, each number or colour that occurs is a
    class, in ascending order. Images without a valid mask are skipped with a warning.

    Raises:
        DataError: A folder is missing, no pair can be read, or the masks contain too many values
            to be classes.
        Cancelled: `cancelled` returned True.
    """
    path = request.file
    for name in (PICTURES, MASKS):
        if not (path / name).is_dir():
            raise DataError(
                f"{path} needs two folders, {PICTURES} and {MASKS}, with files of the same names; "
                f"there is no folder {name}."
            )
    warnings: list[str] = []
    pairs = list(_find_pairs(path, warnings))
    pixels, masks = _read_pairs(pairs, request, warnings)
    if not masks:
        first = f" First problem: {warnings[0]}." if warnings else ""
        raise DataError(f"No image in {path / PICTURES} has a readable mask.{first}")
    numbers, names = _as_classes(np.stack(masks), path)
    subset = Subset({"samples": torch.from_numpy(pixels)}, torch.from_numpy(numbers))
    return RawSamples(subset, class_names=names, warnings=tuple(truncate_list(warnings, "images")))


def _find_pairs(path: Path, warnings: list[str]) -> Iterator[tuple[Path, Path]]:
    masks = {_relative_name(mask, path / MASKS): mask for mask in find_images(path / MASKS)}
    for image in find_images(path / PICTURES):
        mask = masks.get(_relative_name(image, path / PICTURES))
        if mask is None:
            warnings.append(f"{image}: there is no mask of that name; skipped")
        else:
            yield image, mask


def _relative_name(path: Path, root: Path) -> str:
    return path.relative_to(root).with_suffix("").as_posix()


def _read_pairs(
    pairs: Sequence[tuple[Path, Path]], request: ReadRequest, warnings: list[str]
) -> tuple[Pixels, list[Values]]:
    shape = image_format(request.options)
    pixels = allocate(len(pairs), shape)
    masks: list[Values] = []
    mask_of = dict(pairs)

    def read_pair(path: Path) -> tuple[Pixels, Values] | str:
        image, mask = decode_image(path, shape), _read_mask(path, mask_of[path], shape)
        if isinstance(image, str):
            return image
        return mask if isinstance(mask, str) else (image, mask)

    for _, (image, mask) in decode_readable(list(mask_of), read_pair, request, warnings):
        pixels[len(masks)] = image
        masks.append(mask)
    return pixels[: len(masks)], masks


def _read_mask(image_path: Path, mask_path: Path, shape: ImageFormat) -> Values | str:
    """Return a value for each pixel `(H, W)`, or a warning if the mask cannot be used.

    Colours become 256² red + 256 green + blue, plus 2²⁴ to distinguish them from grey values.
    """
    try:
        with Image.open(image_path) as image, Image.open(mask_path) as mask:
            if _upright(image).size != _upright(mask).size:
                sizes = [f"{item.width}×{item.height}" for item in (mask, image)]
                return f"{mask_path} is {sizes[0]}, but its image is {sizes[1]}; skipped"
            upright = _upright(mask)
            grey = upright.mode in {"1", "L", "P"} or upright.mode.startswith("I")
            flat = upright if grey else upright.convert("RGB")
            flat = flat.convert("L") if flat.mode == "1" else flat
            sized = flat.resize((shape.width, shape.height), Image.Resampling.NEAREST)
            values = np.asarray(sized).astype(np.int64)
    except READ_ERRORS as error:
        return f"{mask_path}: {error}; skipped"
    return values if values.ndim == 2 else values @ np.array([1 << 16, 1 << 8, 1]) + _COLOUR_OFFSET


_COLOUR_OFFSET = 1 << 24


def _upright(image: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(image)


def _as_classes(values: Values, path: Path) -> tuple[Values, tuple[str, ...]]:
    """Return class indices `(N, H, W)` and class names."""
    distinct, numbers = np.unique(values, return_inverse=True)
    class_file = path / CLASSES
    if class_file.is_file():
        names = tuple(line.strip() for line in class_file.read_text("utf-8").splitlines() if line)
        if int(distinct[-1]) >= len(names):
            raise DataError(
                f"{class_file} names {len(names)} classes, counted from 0, but the masks contain "
                f"{_value_text(int(distinct[-1]))}."
            )
        return values, names
    if len(distinct) > _MAX_VALUES:
        raise DataError(
            f"The masks in {path / MASKS} contain {len(distinct)} different values; at most "
            f"{_MAX_VALUES} can be classes. Save them as PNG, without smoothed edges."
        )
    if len(distinct) < 2:
        raise DataError(
            f"The masks in {path / MASKS} contain only one value; at least two classes are needed."
        )
    return numbers.reshape(values.shape), tuple(_value_text(int(value)) for value in distinct)


def _value_text(value: int) -> str:
    return f"#{value - _COLOUR_OFFSET:06x}" if value >= _COLOUR_OFFSET else str(value)
