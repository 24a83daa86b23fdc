"""Reads text files in UTF-8, UTF-16 or Windows-1252. Does not import torch."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from dlstudio.data.core.errors import DataError


def read_text(path: Path, max_bytes: int = -1) -> str:
    r"""Return the file's text with `\n` line endings.

    Args:
        path: The file.
        max_bytes: Largest number of bytes to read, up to the end of a line; negative reads all.

    Raises:
        DataError: The file cannot be read, or is not text.
    """
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes)
            if len(content) == max_bytes and file.read(1):
                content = content[: content.rfind(b"\n") + 1]
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({error}).") from error
    text = _decode(content)
    if text is None:
        raise DataError(
            f"{path} is not a text file; it looks like an image, an archive or a program. Choose a "
            "plain text file, or save its content as text in UTF-8."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1a\x1b"))
_UNASSIGNED = b"\x81\x8d\x8f\x90\x9d"
"""Bytes that Windows-1252 has no character for."""
_MAX_STRAY_SHARE = 0.01
"""Largest share of such bytes in valid text."""


def _decode(content: bytes) -> str | None:
    """Return the text, or None if the bytes are not text in a supported encoding."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", errors="replace")
        stray = text.count("\0") + text.count("\ufffd")
        return None if stray > _MAX_STRAY_SHARE * len(text) else text
    if _share(content, _CONTROL_BYTES) > _MAX_STRAY_SHARE:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _share(content, _UNASSIGNED) > _MAX_STRAY_SHARE:
            return None
        return content.decode("cp1252", errors="replace")


def _share(content: bytes, unwanted: bytes) -> float:
    """Return the share of unwanted bytes, from 0 to 1."""
    return (len(content) - len(content.translate(None, unwanted))) / max(len(content), 1)
