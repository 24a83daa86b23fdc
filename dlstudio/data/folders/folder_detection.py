"""Detects by a folder's content which source reads it. Does not import torch."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from dlstudio.data.folders.class_folders import has_class_folders
from dlstudio.data.folders.folder_tree import FolderTree, is_hidden
from dlstudio.data.folders.image_kind import image_problem
from dlstudio.data.folders.mask_pairs import subset_pairs
from dlstudio.data.folders.sound_kind import is_other_sound, sound_problem
from dlstudio.data.folders.subset_names import find_subsets, subset_of, unwrap
from dlstudio.data.sources.framework.source import Match

_MAX_ROOT_ENTRIES, _MAX_ENTRIES = 300, 60
_MAX_FILES = 6
_MAX_FOLDERS = 24
_MAX_DEPTH = 4


def match_mask_folder(path: Path) -> Match:
    """Match a folder that contains a folder of images and one of masks."""
    tree = _look(path, image_problem)
    return Match.SURE if tree is not None and subset_pairs(tree) is not None else Match.NO


def match_sound_folder(path: Path) -> Match:
    """Match a folder with sounds in its class folders, also in formats that must be converted."""
    tree = _look(path, lambda file: "" if is_other_sound(file) else sound_problem(file))
    return Match.LIKELY if tree is not None and _class_folders(tree) else Match.NO


def match_image_folder(path: Path) -> Match:
    """Match a folder that contains one folder per class.

    An inaccessible folder and one without images also match, so that reading reports the error.
    """
    tree = _look(path, image_problem)
    if tree is None:
        return Match.POSSIBLE
    if tree.is_empty():
        return Match.POSSIBLE if tree.folders else Match.NO
    has_subsets = find_subsets(unwrap(tree), has_class_folders) is not None
    return Match.POSSIBLE if has_subsets or len(_class_folders(tree)) > 1 else Match.NO


def match_picture_folder(_path: Path) -> Match:
    """Match any folder, as a fallback: images without classes."""
    return Match.FALLBACK


def _class_folders(tree: FolderTree) -> list[FolderTree]:
    """Return the class folders of the training subset, or of a folder without subsets."""
    inner = unwrap(tree)
    subsets = find_subsets(inner, has_class_folders)
    if subsets is not None:
        return [folder for train in subsets.train for folder in unwrap(train).filled_folders()]
    folders = inner.filled_folders()
    return [] if all(subset_of(folder.name) for folder in folders) else folders


def _look(root: Path, problem: Callable[[Path], str]) -> FolderTree | None:
    """Return the tree of a folder's first entries, None if it is inaccessible.

    Few enough entries are listed and files opened that it can be called in the window's thread.
    """
    tree = FolderTree(root)
    waiting = deque([(tree, 1)])
    for _ in range(_MAX_FOLDERS):
        if not waiting:
            break
        folder, depth = waiting.popleft()
        try:
            limit = _MAX_ROOT_ENTRIES if folder is tree else _MAX_ENTRIES
            folders = _list_start(folder, problem, limit)
        except OSError:
            if folder is tree:
                return None
            continue
        folder.folders = [FolderTree(path) for path in folders] if depth < _MAX_DEPTH else []
        waiting.extend((child, depth + 1) for child in folder.folders)
    return tree


def _list_start(folder: FolderTree, problem: Callable[[Path], str], limit: int) -> list[Path]:
    """Add the first matching files to a folder, and return its sub-folders."""
    folders: list[Path] = []
    opened = 0
    with os.scandir(folder.path) as entries:
        for entry in islice(entries, limit):
            is_folder = entry.is_dir()
            if is_hidden(entry.name, is_folder=is_folder):
                continue
            if is_folder:
                folders.append(folder.path / entry.name)
            elif opened < _MAX_FILES and entry.is_file():
                opened += 1
                if not _has_problem(folder.path / entry.name, problem):
                    folder.files.append(folder.path / entry.name)
    return sorted(folders)


def _has_problem(path: Path, problem: Callable[[Path], str]) -> bool:
    try:
        return bool(problem(path))
    except OSError:
        return True
