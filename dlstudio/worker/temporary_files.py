"""Writes files into the temporary folder that the worker shares with its parent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from safetensors import SafetensorError

from dlstudio.design.storage.file_errors import file_error_reason


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Delete `file` if the `with` block cannot write it.

    Raises:
        OSError: The file cannot be written; the text is shown to the user.
    """
    try:
        yield
    except (OSError, SafetensorError) as error:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        raise OSError(
            f"The temporary folder {file.parent} cannot be written to: {file_error_reason(error)}"
        ) from error
