"""Reads text files, plain or compressed, in any encoding that can be recognised. No torch."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from dlstudio.data.core.errors import DataError
from dlstudio.data.text.decoding import DecodedText, decode_text

_GZIP = b"\x1f\x8b"


def read_text(path: Path, max_bytes: int = -1) -> str:
    r"""Return the file's text with `\n` line endings.

    Args:
        path: The file.
        max_bytes: Largest number of bytes to read, up to the end of a line; negative reads all.

    Raises:
        DataError: The file cannot be read, or is not text.
    """
    return read_decoded(path, max_bytes).text


def read_decoded(path: Path, max_bytes: int = -1) -> DecodedText:
    """Return the file's text as `read_text` does, with its encoding and what was replaced.

    Raises:
        DataError: The file cannot be read, or is not text.
    """
    try:
        content, is_cut = _read_bytes(path, max_bytes)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({error}).") from error
    decoded = decode_text(content, is_cut=is_cut)
    if decoded is None:
        raise DataError(
            f"{path} is not a text file; it looks like an image, an archive or a program. Choose a "
            "plain text file, or save its content as text in UTF-8."
        )
    return decoded.up_to_last_line() if is_cut else decoded


def _read_bytes(path: Path, max_bytes: int) -> tuple[bytes, bool]:
    """Return the start of a file, and whether there is more.

    Without a buffer, which would copy a large file while no other thread runs.
    """
    with path.open("rb", buffering=0) as file:
        is_compressed = file.read(2) == _GZIP
        file.seek(0)
        if not is_compressed:
            content = file.readall() if max_bytes < 0 else file.read(max_bytes)
            return content, len(content) == max_bytes and bool(file.read(1))
        with gzip.GzipFile(fileobj=file) as unpacked:
            content = unpacked.read(max_bytes)
            return content, len(content) == max_bytes and bool(unpacked.read(1))
