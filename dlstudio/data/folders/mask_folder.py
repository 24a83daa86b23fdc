"""Reads images and their masks, which hold a class per pixel as a grey value or a colour."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.dataset import IGNORE_INDEX, RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.folders.folder_tree import relative_path, walk_folder
from dlstudio.data.folders.image_decoding import (
    READ_ERRORS,
    ImageFormat,
    decode_readable,
    image_format,
    read_problem,
)
from dlstudio.data.folders.image_folder import read_images
from dlstudio.data.folders.image_kind import IMAGES
from dlstudio.data.folders.mask_classes import (
    CLASSES,
    COLOUR_OFFSET,
    Values,
    find_classes,
)
from dlstudio.data.folders.mask_pairs import MaskPair, find_mask_pairs
from dlstudio.data.folders.subset_names import TEST, TRAIN, VALIDATION
from dlstudio.data.sources.framework.read_request import ReadRequest

_ORIENTATION = 0x0112
_QUARTER_TURNS = frozenset({5, 6, 7, 8})
"""Values of the EXIF orientation that exchange width and height."""


def read_mask_folder(request: ReadRequest) -> RawSamples:
    """Return the images in `pictures/` or `images/` with the masks of the same name in `masks/`.

    Grey and palette masks hold numbers, others colours; `find_classes` decides what they mean.
    Images without a valid mask are left out.

    Raises:
        DataError: A folder is missing, no pair can be read, or the masks contain too many values
            to be classes.
        Cancelled: `cancelled` returned True.
    """
    root = request.file
    if not root.is_dir():
        raise DataError(f"{root} is a file. Choose a folder of images and masks.")
    tree = walk_folder(
        root, IMAGES.problem, cancelled=request.cancelled, follow=lambda folder: folder == root
    )
    files = find_mask_pairs(tree, [root / CLASSES])
    if files is None:
        raise DataError(
            f"{root} needs two folders, images (or pictures) and masks, with files of the same "
            "names."
        )
    left_out = list(files.left_out)
    pairs, masks = _read_masks(files.pairs, request, left_out)
    images = read_images([pair.image for pair in pairs], request)
    left_out += images.left_out
    pairs = [pairs[row] for row in images.rows]
    if not any(pair.subset == TRAIN for pair in pairs):
        detail = f" First problem: {left_out[0].where}: {left_out[0].why}." if left_out else ""
        raise DataError(f"No image in {root} has a readable mask.{detail}")
    values = np.stack([masks[row] for row in images.rows])
    classes = find_classes(np.unique(values), root, request.options["unlabelled"])
    targets = torch.from_numpy(classes.to_indices(values, IGNORE_INDEX))
    left_out += _pairs_without_class(pairs, targets, root)
    subsets = {
        subset: _select(subset, pairs, images.samples, targets)
        for subset in (TRAIN, VALIDATION, TEST)
    }
    train = subsets[TRAIN]
    if train is None:
        raise DataError(f"No training mask in {root} has a pixel with a class.")
    return RawSamples(
        train,
        validation=subsets[VALIDATION],
        test=subsets[TEST],
        class_names=classes.names,
        warnings=(*files.warnings, *images.warnings, *classes.warnings),
        left_out=tuple(left_out),
    )


def _read_masks(
    pairs: Sequence[MaskPair], request: ReadRequest, left_out: list[LeftOut]
) -> tuple[list[MaskPair], list[Values]]:
    """Return the pairs with a readable mask, and the masks; extend `left_out` by the others."""
    root, shape = request.file, image_format(request.options)
    pair_of = {pair.image: pair for pair in pairs}
    unreadable: list[LeftOut] = []
    masks = dict(
        decode_readable(
            list(pair_of), lambda path: _read_mask(pair_of[path], shape), request, unreadable,
            "mask",
        )
    )  # fmt: skip
    reasons = {item.where: item.why for item in unreadable}
    for pair in pairs:
        image, mask = relative_path(pair.image, root), relative_path(pair.mask, root)
        if image in reasons:
            left_out.append(LeftOut("file", f"{image}, {mask}", reasons[image], 2))
    return [pairs[row] for row in masks], list(masks.values())


def _read_mask(pair: MaskPair, shape: ImageFormat) -> Values | str:
    """Return a value for each pixel `(H, W)`, or the reason why the mask cannot be used.

    Colours become 256² red + 256 green + blue, plus 2²⁴ to distinguish them from grey values.
    """
    opened = ""
    try:
        opened = "the image"
        with Image.open(pair.image) as image:
            size = _upright_size(image)
        opened = "the mask"
        with Image.open(pair.mask) as mask:
            upright = ImageOps.exif_transpose(mask)
            if upright.size != size:
                sizes = [f"{width}×{height}" for width, height in (upright.size, size)]
                return f"the mask is {sizes[0]}, but its image is {sizes[1]}"
            grey = upright.mode in {"1", "L", "P"} or upright.mode.startswith("I")
            flat = upright if grey else upright.convert("RGB")
            flat = flat.convert("L") if flat.mode == "1" else flat
            sized = flat.resize((shape.width, shape.height), Image.Resampling.NEAREST)
            values = np.asarray(sized).astype(np.int64)
    except READ_ERRORS as error:
        return f"{opened} cannot be read: {read_problem(error)}"
    return values if values.ndim == 2 else values @ np.array([1 << 16, 1 << 8, 1]) + COLOUR_OFFSET


def _upright_size(image: Image.Image) -> tuple[int, int]:
    is_turned = image.getexif().get(_ORIENTATION, 1) in _QUARTER_TURNS
    return (image.height, image.width) if is_turned else image.size


def _pairs_without_class(pairs: Sequence[MaskPair], targets: Tensor, root: Path) -> list[LeftOut]:
    empty = (targets == IGNORE_INDEX).all(-1).all(-1).tolist()
    return [
        LeftOut(
            "file",
            f"{relative_path(pair.image, root)}, {relative_path(pair.mask, root)}",
            "no pixel of the mask has a class",
            2,
        )
        for pair, is_empty in zip(pairs, empty, strict=True)
        if is_empty
    ]


def _select(
    subset: str, pairs: Sequence[MaskPair], images: Tensor, targets: Tensor
) -> Subset | None:
    """Return the samples of a subset that have a class; None if there are none."""
    has_class = (targets != IGNORE_INDEX).any(-1).any(-1)
    inside = torch.tensor([pair.subset == subset for pair in pairs]) & has_class
    if bool(inside.all()):
        return Subset({"samples": images}, targets)
    return Subset({"samples": images[inside]}, targets[inside]) if bool(inside.any()) else None
