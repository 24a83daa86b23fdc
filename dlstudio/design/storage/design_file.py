"""Design files: reading and writing them without ever losing one."""

from __future__ import annotations

from pathlib import Path

from dlstudio.design.model.model import Project
from dlstudio.design.storage.atomic_files import read_bytes, write_bytes
from dlstudio.design.storage.codec import decode, encode
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.json_text import format_json, parse_json
from dlstudio.design.storage.migrations import migrate
from dlstudio.design.storage.paths import absolute, relative

MAX_BYTES = 64 * 2**20
"""Bytes; no design comes near it."""


def dumps(project: Project) -> str:
    """Return the project as the text of a design file; equal projects give equal texts."""
    return format_json(encode(project))


def loads(text: str) -> Project:
    """Return the project of a design file's text.

    Raises:
        FileError: The text is damaged, hostile or of a newer version.
    """
    return decode(migrate(parse_json(text)))


def load(path: Path | str) -> Project:
    """Return the project in a design file; relative data paths become absolute.

    Raises:
        FileError: The file cannot be read; the text says which file and why.
    """
    path = Path(path)
    try:
        project = loads(decode_text(read_bytes(path, MAX_BYTES)))
    except FileError as error:
        raise FileError(f"{path.name} cannot be opened: {error}.") from error
    return absolute(project, path.parent)


def save(project: Project, path: Path | str) -> None:
    """Write the project so that at any moment the old or the new file is there, whole.

    Data paths below the design's folder, or beside it, are written relative to it.

    Raises:
        FileError: The file cannot be written; the text says why. The old file is as it was.
    """
    path = Path(path)
    try:
        text = dumps(relative(project, path.parent))
        write_bytes(path, text.encode("utf-8", errors="replace"))
    except FileError as error:
        raise FileError(f"{path.name} cannot be saved: {error}.") from error


def decode_text(content: bytes) -> str:
    """Return the text in a design file's bytes; FileError where it is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError("it is damaged: it is not text in UTF-8") from error
