"""Finds files in folders with one sub-folder per class, or with a train and a test folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dlstudio.data.core.errors import DataError
from dlstudio.data.files.images import subfolders


@dataclass(frozen=True, slots=True)
class LabelledFiles:
    """Files with their class indices."""

    paths: tuple[Path, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClassFolders:
    """Classes and files of a folder; `test` only if it contains `train` and `test`."""

    root: Path
    names: tuple[str, ...]
    train: LabelledFiles
    test: LabelledFiles | None


def find_class_folders(
    path: Path, find_files: Callable[[Path], Sequence[Path]], noun: str
) -> ClassFolders:
    """Return the classes below `path` and their files.

    Args:
        path: The folder.
        find_files: Returns the matching files below a folder.
        noun: Plural name of the files in messages, such as `images`.

    Raises:
        DataError: `path` is not a folder, or contains fewer than two classes.
    """
    if not path.is_dir():
        raise DataError(f"{path} is a file. Choose a folder of {noun}.")
    train, test = path, None
    if (path / "train").is_dir() and (path / "test").is_dir() and subfolders(path / "train"):
        train, test = path / "train", path / "test"
    names = tuple(folder.name for folder in subfolders(train) if find_files(folder))
    if len(names) < 2:
        raise DataError(
            f"{path} needs a sub-folder of {noun} for each class, at least two; {len(names)} found."
        )
    train_files = _labelled_files(train, names, find_files)
    return ClassFolders(
        train, names, train_files, _labelled_files(test, names, find_files) if test else None
    )


def _labelled_files(
    root: Path, names: Sequence[str], find_files: Callable[[Path], Sequence[Path]]
) -> LabelledFiles:
    pairs = [(path, label) for label, name in enumerate(names) for path in find_files(root / name)]
    return LabelledFiles(tuple(path for path, _ in pairs), tuple(label for _, label in pairs))
