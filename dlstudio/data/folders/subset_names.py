"""Recognises folders that hold a subset (train, val, test) by name. Does not import torch."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dlstudio.data.folders.folder_tree import FolderTree

TRAIN, VALIDATION, TEST = "train", "validation", "test"
_NAMES = {
    **dict.fromkeys(("train", "training", "trn"), TRAIN),
    **dict.fromkeys(
        ("val", "valid", "validation", "validate", "dev", "development", "eval", "evaluation"),
        VALIDATION,
    ),
    **dict.fromkeys(("test", "testing", "tst"), TEST),
}
Judge = Callable[[FolderTree], bool]


@dataclass(frozen=True, slots=True)
class Subsets:
    """The folders of each subset; several of one subset are read together.

    Attributes:
        others: Folders beside them, which are not used.
    """

    train: tuple[FolderTree, ...]
    validation: tuple[FolderTree, ...]
    test: tuple[FolderTree, ...]
    others: tuple[FolderTree, ...]

    @property
    def text(self) -> str:
        """One line for the user: which folder is which subset."""
        named = {"training": self.train, VALIDATION: self.validation, TEST: self.test}
        folders = [
            f"{folder.name} ({subset})" for subset, trees in named.items() for folder in trees
        ]
        return f"Subsets are taken from folders: {', '.join(folders)}."


def subset_of(name: str) -> str | None:
    """Return the subset that a folder's name means, None if it means none.

    `train`, `Training`, `train_set`, `seg_train`, `val-images` and `testset` are recognised.
    """
    words = [word for word in re.split(r"[\W_]+", name.lower()) if word]
    stems = [word.removesuffix("set").removesuffix("data") or word for word in words]
    meanings = [_NAMES[stem] for stem in stems if stem in _NAMES]
    return meanings[0] if len(meanings) == 1 else None


def find_subsets(tree: FolderTree, has_samples: Judge) -> Subsets | None:
    """Return the subset folders in a folder, None if its sub-folders are no subsets.

    There must be a training folder beside a validation or test folder. A class that is called
    `train` has no samples in the sense of `has_samples`.

    Args:
        tree: The folder.
        has_samples: Whether a folder holds what the training folder must, such as class folders.
    """
    by_subset: dict[str | None, list[FolderTree]] = {}
    for folder in tree.filled_folders():
        by_subset.setdefault(subset_of(folder.name), []).append(folder)
    train = [folder for folder in by_subset.get(TRAIN, ()) if has_samples(folder)]
    held_out = by_subset.get(VALIDATION, []) + by_subset.get(TEST, [])
    others = by_subset.get(None, [])
    if not train or not held_out:
        return None
    others += [folder for folder in by_subset[TRAIN] if folder not in train]
    return Subsets(
        tuple(train),
        tuple(by_subset.get(VALIDATION, ())),
        tuple(by_subset.get(TEST, ())),
        tuple(others),
    )


def unwrap(tree: FolderTree) -> FolderTree:
    """Return the folder inside a folder that contains nothing else, as archives are unpacked."""
    while not tree.files and len(filled := tree.filled_folders()) == 1 and not filled[0].files:
        tree = filled[0]
    return tree
