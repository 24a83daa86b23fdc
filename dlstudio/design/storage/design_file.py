"""Reads and writes design files; a failed write never damages the old file."""

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
"""Bytes; far above the size of any real design."""


def dumps(project: Project) -> str:
    """Return the project as the text of a design file; equal projects have equal texts."""
    return format_json(encode(project))


def loads(text: str) -> Project:
    """Return the project in the text of a design file.

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
    """Write the project atomically: at any moment the file is either the old or the new one.

    Data paths below the design's folder, or beside it, are written relative to it.

    Raises:
        FileError: The file cannot be written; the text says why. The old file is unchanged.
    """
    path = Path(path)
    try:
        text = dumps(relative(project, path.parent))
        write_bytes(path, text.encode("utf-8", errors="replace"))
    except FileError as error:
        raise FileError(f"{path.name} cannot be saved: {error}.") from error


def decode_text(content: bytes) -> str:
    """Return the text in the bytes of a design file; FileError if it is not text."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError("it is damaged: it is not UTF-8 text") from error
