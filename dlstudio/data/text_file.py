"""Reads the text of a file, whatever its encoding. Knows no torch."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from dlstudio.data.errors import DataError


def read_text(path: Path) -> str:
    """Return the file's text with plain line ends.

    Raises:
        DataError: It cannot be read.
    """
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({error}).") from error
    return _decoded(content).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
