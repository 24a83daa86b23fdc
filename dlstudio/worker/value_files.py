"""Writes values to files for another process, and reads them: JSON with arrays beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from dlstudio.worker.temporary_files import writing
from dlstudio.worker.value_codec import Arrays, decode, encode

Description = dict[str, Any]


def write_value(value: Any, file: Path) -> Description:
    """Write the arrays of a value to `file`, and return a JSON description for `read_value`.

    Raises:
        OSError: The file cannot be written; the text is shown to the user.
    """
    from safetensors.numpy import save_file

    arrays: Arrays = {}
    tree = encode(value, arrays)
    with writing(file):
        save_file(arrays, file)
    return {"value": tree, "arrays": str(file)}


def read_value(description: Mapping[str, Any], packages: Collection[str] = ("dlstudio",)) -> Any:
    """Return the value described by `write_value`.

    Args:
        description: The description.
        packages: Top-level packages whose frozen dataclasses it may contain.

    Raises:
        ValueError: The description is invalid.
    """
    from safetensors.numpy import load_file

    return decode(description["value"], load_file(description["arrays"]), packages)
