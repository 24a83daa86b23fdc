"""Guesses which source reads a folder, by what lies in it. Knows no torch."""

from __future__ import annotations

from pathlib import Path


def detect_folder_source(path: Path) -> str:
    """Return the name of the source that suits a folder best.

    One that may not be looked into counts as pictures of classes: reading it says what is wrong.
    """
    try:
        return _guess(path)
    except OSError:
        return "image-folder"


def _guess(path: Path) -> str:
    folders = [entry for entry in path.iterdir() if entry.is_dir() and entry.name[0] != "."]
    if {"pictures", "masks"} <= {folder.name for folder in folders}:
        return "mask-folder"
    if (path / "train").is_dir():
        folders = [entry for entry in (path / "train").iterdir() if entry.is_dir()]
    if any(file.suffix.lower() == ".wav" for folder in folders for file in folder.iterdir()):
        return "sound-folder"
    return "image-folder" if folders else "picture-folder"
