"""Writes the cells of a table to a file for another process, and reads them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import cast

from dlstudio.data.core.original_cells import OriginalCells
from dlstudio.worker.temporary_files import writing
from dlstudio.worker.value_codec import Arrays, decode, encode


def write_cells(cells: OriginalCells, file: Path) -> bool:
    """Write the cells; return whether they are of a type that can be sent.

    Raises:
        OSError: The file cannot be written.
    """
    from safetensors.numpy import save_file

    arrays: Arrays = {}
    try:
        tree = encode(cells, arrays)
    except TypeError:  # cells of a plug-in that are no frozen dataclass
        return False
    packages = [type(cells).__module__.partition(".")[0]]
    with writing(file):
        save_file(arrays, file, {"cells": json.dumps(tree), "packages": json.dumps(packages)})
    return True


@lru_cache(maxsize=1)
def read_cells(file: str) -> OriginalCells:
    """Return the cells written by `write_cells`; those of the last file are cached.

    Raises:
        ValueError: The file holds something else.
    """
    from safetensors import safe_open

    with safe_open(file, "numpy") as stored:
        texts = stored.metadata()
        arrays = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    return cast(
        "OriginalCells", decode(json.loads(texts["cells"]), arrays, json.loads(texts["packages"]))
    )
