"""Pairs images with their masks by folder and file name. Does not import torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.folders.folder_tree import (
    FolderTree,
    Skipped,
    left_out,
    relative_path,
)
from dlstudio.data.folders.subset_names import TEST, TRAIN, VALIDATION, find_subsets, unwrap

_IMAGE_FOLDERS = (
    "pictures", "images", "image", "imgs", "img", "photos", "frames", "jpegimages", "inputs",
)  # fmt: skip
_MASK_FOLDERS = (
    "masks", "mask", "segmentationclass", "segmentations", "segmentation", "groundtruth",
    "ground_truth", "gt", "annotations", "labels", "targets",
)  # fmt: skip
_AFFIXES = tuple(
    f"{joint}{word}"
    for word in (
        "mask", "masks", "label", "labels", "labelids", "labeltrainids", "seg", "segmentation",
        "gt", "annotation", "target",
    )
    for joint in "_-. "
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MaskPair:
    """An image, its mask and the subset of both."""

    image: Path
    mask: Path
    subset: str


@dataclass(frozen=True, slots=True)
class MaskPairs:
    """Images and their masks.

    Attributes:
        pairs: The pairs, those of the training subset first.
        left_out: Images without a mask, masks without an image, and other files.
        warnings: Which folder is which subset, if there are such folders.
    """

    pairs: list[MaskPair]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


def find_mask_pairs(tree: FolderTree, ignored: Sequence[Path] = ()) -> MaskPairs | None:
    """Return the images and masks of a folder, None without a folder of each.

    The folders `images` and `masks` may contain a folder for each subset, or each subset's folder
    may contain both. A mask has the name of its image, alone or with an affix such as `_mask`.

    Args:
        tree: The folder.
        ignored: Files that are neither images nor masks, and are used otherwise.
    """
    folders = subset_pairs(tree)
    if folders is None:
        return None
    by_subset, text = folders
    pairs: list[MaskPair] = []
    skipped = [item for item in tree.all_skipped() if item.path not in ignored]
    for subset, both in by_subset.items():
        for images, masks in both:
            matched, unmatched = _match(images, masks)
            pairs += [MaskPair(image, mask, subset) for image, mask in matched]
            skipped += unmatched
    known = {path for pair in pairs for path in (pair.image, pair.mask)}
    known |= {item.path for item in skipped}
    skipped += [
        Skipped("file", path, "in another folder than the images and masks")
        for path in tree.all_files()
        if path not in known
    ]
    return MaskPairs(pairs, left_out(skipped, tree.path), (text,) if text else ())


FolderPairs = dict[str, list[tuple[FolderTree, FolderTree]]]


def subset_pairs(tree: FolderTree) -> tuple[FolderPairs, str] | None:
    """Return the folders of images and masks by subset and a line about them; None without any."""
    inner = unwrap(tree)
    subsets = find_subsets(inner, lambda folder: _image_and_mask_folder(folder) is not None)
    if subsets is not None:
        pairs = {
            name: [pair for folder in folders if (pair := _image_and_mask_folder(folder))]
            for name, folders in (
                (TRAIN, subsets.train), (VALIDATION, subsets.validation), (TEST, subsets.test),
            )
        }  # fmt: skip
        return pairs, subsets.text
    both = _image_and_mask_folder(inner)
    if both is None:
        return None
    images, masks = (find_subsets(folder, lambda folder: True) for folder in both)
    if images is None or masks is None:
        return {TRAIN: [both]}, ""
    return {
        name: [(first, second) for first in ours for second in theirs]
        for name, ours, theirs in (
            (TRAIN, images.train, masks.train),
            (VALIDATION, images.validation, masks.validation),
            (TEST, images.test, masks.test),
        )
    }, images.text


def _image_and_mask_folder(tree: FolderTree) -> tuple[FolderTree, FolderTree] | None:
    by_name = {folder.name.lower(): folder for folder in tree.filled_folders()}
    images = next((by_name[name] for name in _IMAGE_FOLDERS if name in by_name), None)
    masks = next((by_name[name] for name in _MASK_FOLDERS if name in by_name), None)
    return None if images is None or masks is None else (images, masks)


def _match(images: FolderTree, masks: FolderTree) -> tuple[list[tuple[Path, Path]], list[Skipped]]:
    by_name = dict(_names(masks))
    without_affix = {_without_affix(name): path for name, path in by_name.items()}
    pairs: list[tuple[Path, Path]] = []
    skipped: list[Skipped] = []
    for name, image in _names(images):
        mask = by_name.get(name) or without_affix.get(_without_affix(name))
        if mask is None:
            skipped.append(Skipped("image", image, "there is no mask of that name"))
        else:
            pairs.append((image, mask))
    used = {mask for _, mask in pairs}
    skipped += [
        Skipped("mask", mask, "there is no image of that name")
        for mask in by_name.values()
        if mask not in used
    ]
    return pairs, skipped


def _names(tree: FolderTree) -> Iterator[tuple[str, Path]]:
    for path in tree.all_files():
        yield relative_path(path.with_suffix(""), tree.path), path


def _without_affix(name: str) -> str:
    folded = name.casefold()
    affix = next((affix for affix in _AFFIXES if folded.endswith(affix)), "")
    return folded.removesuffix(affix)
