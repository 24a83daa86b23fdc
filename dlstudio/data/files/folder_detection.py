"""Detects by a folder's content which source reads it. Does not import torch."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.sources.framework.source import Match


def match_mask_folder(path: Path) -> Match:
    """Match a folder that contains folders `pictures` and `masks`."""
    names = {folder.name for folder in _folders(path) or ()}
    return Match.SURE if {"pictures", "masks"} <= names else Match.NO


def match_sound_folder(path: Path) -> Match:
    """Match a folder with WAV files in its class folders."""
    try:
        has_sounds = any(
            file.suffix.lower() == ".wav"
            for folder in _class_folders(path) or ()
            for file in folder.iterdir()
        )
    except OSError:
        return Match.NO
    return Match.LIKELY if has_sounds else Match.NO


def match_image_folder(path: Path) -> Match:
    """Match a folder that contains one folder per class.

    An inaccessible folder also matches, so that reading it reports the error.
    """
    folders = _class_folders(path)
    return Match.POSSIBLE if folders is None or folders else Match.NO


def match_picture_folder(_path: Path) -> Match:
    """Match any folder, as a fallback: images without classes."""
    return Match.FALLBACK


def _class_folders(path: Path) -> list[Path] | None:
    """Return the class folders, None if the folder is inaccessible."""
    try:
        has_train = (path / "train").is_dir()
    except OSError:
        return None
    return _folders(path / "train" if has_train else path)


def _folders(path: Path) -> list[Path] | None:
    """Return the folders in a folder, None if it is inaccessible."""
    try:
        return [entry for entry in path.iterdir() if entry.is_dir() and entry.name[0] != "."]
    except OSError:
        return None
