"""Recognises WAV files by ending or content. Does not import torch."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.folders.folder_tree import FileKind, ending_text

_SUFFIXES = frozenset({".wav", ".wave"})
_OTHER_SOUNDS = frozenset(
    {".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".wma", ".amr"}
)


def sound_problem(path: Path) -> str:
    """Return why a file is not read as a sound, empty if it is.

    Raises:
        OSError: It cannot be opened.
    """
    suffix = path.suffix.lower()
    if suffix in _SUFFIXES:
        return ""
    with path.open("rb") as file:
        start = file.read(12)
    if start[:4] in (b"RIFF", b"RIFX", b"RF64") and start[8:] == b"WAVE":
        return ""
    if is_other_sound(path):
        return ending_text(path, "are not read; convert them to WAV")
    return ending_text(path, "are not WAV files")


def is_other_sound(path: Path) -> bool:
    """Whether a file is a sound by its ending, in a format that is not read."""
    return path.suffix.lower() in _OTHER_SOUNDS


SOUNDS = FileKind("sound", "WAV files", sound_problem)
