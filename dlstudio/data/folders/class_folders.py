"""Finds files in folders with one sub-folder per class, alone or in each subset's folder.

Does not import torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import DataError
from dlstudio.data.core.progress import IsCancelled, never_cancelled
from dlstudio.data.folders.folder_tree import (
    FileKind,
    FolderTree,
    Skipped,
    left_out,
    relative_path,
    walk_folder,
)
from dlstudio.data.folders.subset_names import (
    Subsets,
    find_subsets,
    subset_of,
    unwrap,
)

_MASK_PAIRS = ({"images", "masks"}, {"images", "labels"}, {"images", "annotations"})


@dataclass(frozen=True, slots=True)
class LabelledFiles:
    """Files with their class indices."""

    paths: tuple[Path, ...] = ()
    labels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassFolders:
    """Classes and files of a folder; `validation` and `test` only if it has such folders."""

    names: tuple[str, ...]
    train: LabelledFiles
    validation: LabelledFiles
    test: LabelledFiles
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


def find_class_folders(
    root: Path, kind: FileKind, cancelled: IsCancelled = never_cancelled
) -> ClassFolders:
    """Return the classes below `root` and their files.

    Raises:
        DataError: `root` is not a folder, or contains fewer than two classes.
        Cancelled: `cancelled` returned True.
    """
    if not root.is_dir():
        raise DataError(f"{root} is a file. Choose a folder of {kind.files}.")
    tree = walk_folder(
        root,
        kind.problem,
        cancelled=cancelled,
        follow=lambda folder: folder == root or subset_of(folder.name) is not None,
    )
    inner = unwrap(tree)
    subsets = find_subsets(inner, has_class_folders)
    trees = (inner,) if subsets is None else subsets.train
    names = _class_names(trees)
    if len(names) < 2 or (subsets is None and all(map(subset_of, names))):
        raise DataError(_too_few_classes(tree, names, kind))
    held_out = (subsets.validation, subsets.test) if subsets else ((), ())
    train, validation, test = (_labelled_files(folders, names) for folders in (trees, *held_out))
    unknown = _files_of_unknown_classes([tree for trees in held_out for tree in trees], names)
    others = [path for folder in (subsets.others if subsets else ()) for path in folder.all_files()]
    skipped = [
        *tree.all_skipped(),
        *unknown,
        *(Skipped("file", path, "not in the folder of a subset") for path in others),
    ]
    used = (*train.paths, *validation.paths, *test.paths)
    skipped += _files_without_class(tree, (*used, *others, *(item.path for item in unknown)))
    return ClassFolders(
        names,
        train,
        validation,
        test,
        left_out=(*left_out(skipped, root), *_empty_folders(trees, kind, root)),
        warnings=_warnings(names, subsets),
    )


def has_class_folders(tree: FolderTree) -> bool:
    """Whether a folder has a sub-folder with files, so that it can be that of a subset."""
    return bool(unwrap(tree).filled_folders())


def _class_names(trees: Sequence[FolderTree]) -> tuple[str, ...]:
    folders = [folder for tree in trees for folder in unwrap(tree).filled_folders()]
    return tuple(dict.fromkeys(folder.name for folder in sorted(folders, key=_sort_key)))


def _sort_key(folder: FolderTree) -> Path:
    """Sort by name as the file system compares names."""
    return Path(folder.path.name)


def _class_of(names: Sequence[str]) -> dict[str, int]:
    """Return the class of each folder name, and of its spelling in lower case if it is the only."""
    folded = [name.casefold() for name in names]
    exact = {name: index for index, name in enumerate(names)}
    return {
        **{fold: index for index, fold in enumerate(folded) if folded.count(fold) == 1},
        **exact,
    }


def _find_class(name: str, class_of: dict[str, int]) -> int | None:
    return class_of.get(name, class_of.get(name.casefold()))


def _labelled_files(trees: Sequence[FolderTree], names: Sequence[str]) -> LabelledFiles:
    class_of = _class_of(names)
    pairs = [
        (label, path)
        for tree in trees
        for folder in unwrap(tree).filled_folders()
        if (label := _find_class(folder.name, class_of)) is not None
        for path in folder.all_files()
    ]
    pairs.sort(key=lambda pair: pair[0])
    return LabelledFiles(tuple(path for _, path in pairs), tuple(label for label, _ in pairs))


def _files_of_unknown_classes(trees: Sequence[FolderTree], names: Sequence[str]) -> list[Skipped]:
    """Return the files of classes that the training folder does not have."""
    class_of = _class_of(names)
    return [
        Skipped("file", path, f"class {folder.name} has no training files")
        for tree in trees
        for folder in unwrap(tree).filled_folders()
        if _find_class(folder.name, class_of) is None
        for path in folder.all_files()
    ]


def _files_without_class(tree: FolderTree, covered: Iterable[Path]) -> list[Skipped]:
    used = set(covered)
    rest = (path for path in tree.all_files() if path not in used)
    return [Skipped("file", path, "not in the folder of a class") for path in rest]


def _empty_folders(trees: Sequence[FolderTree], kind: FileKind, root: Path) -> list[LeftOut]:
    return [
        LeftOut("folder", relative_path(folder.path, root), f"contains no {kind.files}")
        for tree in trees
        for folder in unwrap(tree).folders
        if folder.is_empty()
    ]


def _warnings(names: Sequence[str], subsets: Subsets | None) -> tuple[str, ...]:
    if subsets is not None:
        return (subsets.text,)
    if {name.lower() for name in names} in _MASK_PAIRS:
        return (
            f"The folders {' and '.join(names)} are read as two classes. If they hold images and "
            "their masks, have the folder read as images with masks.",
        )
    return ()


def _too_few_classes(tree: FolderTree, names: Sequence[str], kind: FileKind) -> str:
    """Return what is wrong with a folder without two classes, and what to do."""
    if len(names) > 1:
        return (
            f"The folders {', '.join(names)} in {tree.path} name subsets, not classes, and have "
            f"no sub-folder of {kind.files} for each class. Sort the files into such folders, or "
            "choose a source without classes."
        )
    skipped = () if names else left_out(tree.all_skipped(), tree.path)[:1]
    detail = "".join(f" ({item.text})" for item in skipped)
    return (
        f"{tree.path} needs a sub-folder of {kind.files} for each class, at least two; "
        f"{len(names)} found{detail}."
    )
