"""Guesses which source reads a folder, by what lies in it. Knows no torch."""

from __future__ import annotations

from pathlib import Path


def source_of_folder(path: Path) -> str:
    """Return the name of the source that suits a folder best.

    One that may not be looked into counts as pictures of classes: reading it says what is wrong.
    """
    try:
        return _guess(path)
    except OSError:
        return "image-folder"


def _guess(path: Path) -> str:
    folders = [each for each in path.iterdir() if each.is_dir() and each.name[0] != "."]
    if {"pictures", "masks"} <= {each.name for each in folders}:
        return "mask-folder"
    if (path / "train").is_dir():
        folders = [each for each in (path / "train").iterdir() if each.is_dir()]
    if any(file.suffix.lower() == ".wav" for folder in folders for file in folder.iterdir()):
        return "sound-folder"
    return "image-folder" if folders else "picture-folder"
