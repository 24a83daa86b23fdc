"""Reads folders of images, with one sub-folder per class or without classes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch

from dlstudio.data.core.dataset import RawSamples
from dlstudio.data.core.errors import DataError
from dlstudio.data.folders.brightness import ValueRange, brightness_rules
from dlstudio.data.folders.folder_tree import Skipped, left_out, walk_folder
from dlstudio.data.folders.image_decoding import (
    DecodedImage,
    ImageFormat,
    Pixels,
    allocate,
    decode_image,
    decode_readable,
    image_format,
    scaling_note,
)
from dlstudio.data.folders.image_kind import IMAGES
from dlstudio.data.folders.labelled_folder import (
    FilesRead,
    nothing_readable,
    read_labelled_folder,
)
from dlstudio.data.folders.subset_names import find_subsets, unwrap
from dlstudio.data.sources.framework.read_request import ReadRequest


def read_image_folder(request: ReadRequest) -> RawSamples:
    """Return all images of class folders, resized; unreadable ones are left out.

    A folder that contains a folder for each subset (`train`, `val`, `test` …) has its own
    validation and test sets.

    Raises:
        DataError: There are no class folders, or no image can be read.
        Cancelled: `cancelled` returned True.
    """
    return read_labelled_folder(request, IMAGES, read_images)


def read_unlabelled_folder(request: ReadRequest) -> RawSamples:
    """Return all images below a folder, without targets.

    Folders for each subset (`train`, `val`, `test` …) are its own subsets.

    Raises:
        DataError: The path is not a folder, or no image can be read.
        Cancelled: `cancelled` returned True.
    """
    root = request.file
    if not root.is_dir():
        raise DataError(f"{root} is a file. Choose a folder of images.")
    tree = walk_folder(root, IMAGES.problem, cancelled=request.cancelled)
    inner = unwrap(tree)
    subsets = find_subsets(inner, lambda folder: True)
    groups = (subsets.train, subsets.validation, subsets.test) if subsets else ((tree,), (), ())
    paths = [[path for folder in group for path in folder.all_files()] for group in groups]
    used = {path for group in paths for path in group}
    others = [path for path in tree.all_files() if path not in used]
    if not used:
        raise DataError(_no_images(root, tree.all_skipped()))
    files = read_images([path for group in paths for path in group], request)
    stops = [0, len(paths[0]), len(paths[0]) + len(paths[1]), sum(map(len, paths))]
    train = files.select(0, stops[1])
    if train is None:
        raise DataError(nothing_readable(root, IMAGES, files))
    skipped = [
        *tree.all_skipped(),
        *(Skipped("file", path, "not in the folder of a subset") for path in others),
    ]
    return RawSamples(
        train,
        validation=files.select(stops[1], stops[2]),
        test=files.select(stops[2], stops[3]),
        warnings=(*([subsets.text] if subsets else ()), *files.warnings),
        left_out=(*left_out(skipped, root), *files.left_out),
    )


def _no_images(root: Path, skipped: Sequence[Skipped]) -> str:
    reasons = "; ".join(item.text for item in left_out(skipped, root))
    return f"{root} contains no images. {reasons}".strip()


def read_images(paths: Sequence[Path], request: ReadRequest) -> FilesRead:
    """Return the images of these files (N, C, H, W), all in the format of the options."""
    shape = image_format(request.options)
    pixels = allocate(len(paths), shape)
    files = FilesRead(torch.empty(0), [])
    deep: dict[int, ValueRange] = {}
    frames, sizes = 0, []
    decode = partial(decode_image, shape=shape)
    for row, image in decode_readable(paths, decode, request, files.left_out):
        frames += image.is_first_frame
        sizes.append(image.size)
        files.rows.append(row)
        if image.pixels is not None:
            pixels[row] = image.pixels
        elif image.range is not None:
            deep[row] = image.range
    if deep:
        _scale_deep(paths, deep, pixels, request, files)
    if frames:
        files.warnings.append(f"Files with several images: {frames:,}; the first one is read.")
    if note := scaling_note(sizes, shape):
        files.warnings.append(note)
    files.samples = torch.from_numpy(_compact(pixels, files.rows))
    return files


def _scale_deep(
    paths: Sequence[Path],
    ranges: dict[int, ValueRange],
    pixels: Pixels,
    request: ReadRequest,
    files: FilesRead,
) -> None:
    """Decode the images with more than 8 bits again, now that the range of all is known."""
    rules = brightness_rules(list(ranges.values()))
    rows = list(ranges)
    shape: ImageFormat = image_format(request.options)
    decode = partial(decode_image, shape=shape, rules=rules)
    readable: set[int] = set()
    image: DecodedImage
    for index, image in decode_readable(
        [paths[row] for row in rows], decode, request, files.left_out
    ):
        assert image.pixels is not None
        pixels[rows[index]] = image.pixels
        readable.add(rows[index])
    files.rows[:] = [row for row in files.rows if row not in ranges or row in readable]
    files.warnings += rules.warnings


def _compact(pixels: Pixels, rows: Sequence[int]) -> Pixels:
    """Move the readable images to the front, in place, and return them."""
    for target, row in enumerate(rows):
        if target != row:
            pixels[target] = pixels[row]
    return np.asarray(pixels[: len(rows)])
