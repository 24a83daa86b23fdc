"""Walks a folder: the files of one kind, and those that are left out. Does not import torch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dlstudio.data.core import errors
from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.progress import IsCancelled, never_cancelled

_SYSTEM_FOLDERS = frozenset(
    {
        "@eadir", "@tmp", "#recycle", "$recycle.bin", "__macosx", "__pycache__", "lost+found",
        "system volume information",
    }
)  # fmt: skip
_SYSTEM_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_HIDDEN_FOLDER = "in a hidden or thumbnail folder"
_HIDDEN_FILE = "a hidden or thumbnail file"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of files that a reader reads.

    Attributes:
        noun: What a file holds, in the singular, such as `sound`.
        files: The files in the plural, such as `WAV files`.
        problem: Returns why a file is not of this kind, empty if it is. Knows the file by its
            ending or its first bytes.
    """

    noun: str
    files: str
    problem: Callable[[Path], str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that is not used."""

    what: str
    path: Path
    why: str


@dataclass(slots=True)
class FolderTree:
    """A folder with its sub-folders.

    Attributes:
        files: The files directly in it that the reader reads, sorted.
        skipped: What is left out directly in it, and everything in its hidden folders.
    """

    path: Path
    files: list[Path] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    folders: list[FolderTree] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The folder's name, as it can be shown and stored."""
        return readable(self.path.name)

    def walk(self) -> Iterator[FolderTree]:
        """Yield this folder and all below it."""
        waiting = [self]
        while waiting:
            folder = waiting.pop()
            yield folder
            waiting.extend(folder.folders)

    def all_files(self) -> list[Path]:
        """Return the files to read, anywhere below this folder, sorted."""
        return sorted(path for folder in self.walk() for path in folder.files)

    def all_skipped(self) -> list[Skipped]:
        """Return what is left out anywhere below this folder, sorted by path."""
        skipped = (item for folder in self.walk() for item in folder.skipped)
        return sorted(skipped, key=lambda item: item.path)

    def is_empty(self) -> bool:
        """Whether there is no file to read below this folder."""
        return not any(folder.files for folder in self.walk())

    def filled_folders(self) -> list[FolderTree]:
        """Return the direct sub-folders that contain files to read."""
        return [folder for folder in self.folders if not folder.is_empty()]


def readable(name: str) -> str:
    """Return a file name without bytes that are no text."""
    return os.fsencode(name).decode("utf-8", "replace")


def relative_path(path: Path, root: Path) -> str:
    """Return a path below the data's folder, as it is shown."""
    return readable(path.relative_to(root).as_posix())


def walk_folder(
    root: Path,
    problem: Callable[[Path], str],
    *,
    cancelled: IsCancelled = never_cancelled,
    follow: Callable[[Path], bool] = lambda _folder: False,
) -> FolderTree:
    """Return the tree of a folder.

    Args:
        root: The folder.
        problem: Returns why a file is not read, empty if it is.
        cancelled: Polled in each folder.
        follow: Whether links to folders in this folder are followed.

    Raises:
        Cancelled: `cancelled` returned True.
        OSError: The folder cannot be opened.
    """
    tree = FolderTree(root)
    _list_folder(tree, problem, follow)
    waiting = list(tree.folders)
    while waiting:
        if cancelled():
            raise errors.Cancelled
        folder = waiting.pop()
        try:
            _list_folder(folder, problem, follow)
        except OSError as error:
            reason = f"cannot be opened ({error.strerror or error})"
            folder.skipped.append(Skipped("folder", folder.path, reason))
        waiting.extend(folder.folders)
    return tree


def left_out(skipped: Sequence[Skipped], root: Path) -> tuple[LeftOut, ...]:
    """Return what was skipped, as one entry for all that have the same reason."""
    groups: dict[tuple[str, str], list[Path]] = {}
    for item in skipped:
        groups.setdefault((item.what, item.why), []).append(item.path)
    return tuple(
        LeftOut(what, _place(paths, root), why, len(paths)) for (what, why), paths in groups.items()
    )


def _place(paths: Sequence[Path], root: Path) -> str:
    more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
    return f"{relative_path(paths[0], root)}{more}"


def _list_folder(
    folder: FolderTree, problem: Callable[[Path], str], follow: Callable[[Path], bool]
) -> None:
    with os.scandir(folder.path) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = folder.path / entry.name
            if entry.is_dir():
                _add_folder(folder, path, is_link=entry.is_symlink(), follow=follow)
            elif reason := _skip_reason(entry, path, problem):
                folder.skipped.append(Skipped("file", path, reason))
            else:
                folder.files.append(path)


def _add_folder(
    parent: FolderTree, path: Path, *, is_link: bool, follow: Callable[[Path], bool]
) -> None:
    if is_hidden(path.name, is_folder=True):
        hidden = _hidden_files(path) if not is_link else ()
        parent.skipped.extend(Skipped("file", file, _HIDDEN_FOLDER) for file in hidden)
    elif is_link and not (follow(parent.path) and not _contains(path, parent.path)):
        parent.skipped.append(Skipped("folder", path, "links to folders are not followed here"))
    else:
        parent.folders.append(FolderTree(path))


def _contains(link: Path, folder: Path) -> bool:
    """Whether a link points to this folder or to one that contains it."""
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(link))


def _hidden_files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in sorted(names))


def is_hidden(name: str, *, is_folder: bool) -> bool:
    """Whether a name is that of a hidden, system or thumbnail file or folder."""
    system = _SYSTEM_FOLDERS if is_folder else _SYSTEM_FILES
    return name[0] == "." or name.lower() in system


def _skip_reason(entry: os.DirEntry[str], path: Path, problem: Callable[[Path], str]) -> str:
    if is_hidden(entry.name, is_folder=False):
        return _HIDDEN_FILE
    try:
        if not entry.is_file():
            return "a link to nothing" if entry.is_symlink() else "not a regular file"
        return problem(path)
    except OSError as error:
        return f"cannot be opened ({error.strerror or error})"


def ending_text(path: Path, description: str) -> str:
    """Return the reason why a file is left out, the same for all files with its ending."""
    suffix = readable(path.suffix.lower())
    subject = f"{suffix} files" if suffix else "files without an ending"
    return f"{subject} {description}"
