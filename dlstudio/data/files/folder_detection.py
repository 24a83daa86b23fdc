"""Judges by what lies in a folder which source reads it. Knows no torch."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.sources.framework.source import Match


def match_mask_folder(path: Path) -> Match:
    """Judge a folder: it should hold folders `pictures` and `masks`."""
    names = {folder.name for folder in _folders(path) or ()}
    return Match.SURE if {"pictures", "masks"} <= names else Match.NO


def match_sound_folder(path: Path) -> Match:
    """Judge a folder: there should be WAV files in its folders of classes."""
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
    """Judge a folder: it should hold folders, one for each class.

    One that may not be looked into counts as such: reading it says what is wrong.
    """
    folders = _class_folders(path)
    return Match.POSSIBLE if folders is None or folders else Match.NO


def match_picture_folder(_path: Path) -> Match:
    """Any folder may hold pictures without classes, where it holds nothing better."""
    return Match.FALLBACK


def _class_folders(path: Path) -> list[Path] | None:
    """Return the folders of classes, None where that cannot be known."""
    try:
        has_parts = (path / "train").is_dir()
    except OSError:
        return None
    return _folders(path / "train" if has_parts else path)


def _folders(path: Path) -> list[Path] | None:
    """Return the folders in a folder, None where it may not be looked into."""
    try:
        return [entry for entry in path.iterdir() if entry.is_dir() and entry.name[0] != "."]
    except OSError:
        return None
