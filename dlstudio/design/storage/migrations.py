"""Migrates the JSON values of older format versions, in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dlstudio.design.storage.errors import FileError

FORMAT = "dlstudio"
VERSION = 2
"""The newest format version; a design is written in the lowest one that holds its content.

A change of meaning increments it and adds a migration. Version 2 adds null, for automatic, as the
number of epochs, the batch size and the learning rate; `keep_best`, `class_weights` and
`class_weight_values` of the training; `automatic` of early stopping; `standardise_target` of the
data; `class_counts` and `label_names` of its facts; and the `used_ids` of removed layers.
"""

Plain = dict[str, Any]
Migration = Callable[[Plain], Plain]

MIGRATIONS: Mapping[int, Migration] = {1: dict}
"""From a version to the function that migrates its files to the next one."""


def migrate(
    plain: Any, migrations: Mapping[int, Migration] = MIGRATIONS, version: int = VERSION
) -> Plain:
    """Return the JSON values of a file, migrated to `version`.

    Raises:
        FileError: It is not a design file, or has an unknown version.
    """
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise FileError("it is not a dlstudio design")
    stored = plain.get("version")
    if isinstance(stored, bool) or not isinstance(stored, int) or stored < 1:
        raise FileError("its format version is not a positive integer")
    if stored > version:
        raise FileError(
            f"it was made by a newer dlstudio (format {str(stored)[:12]}; this one reads up to "
            f"{version}). Update dlstudio to open it"
        )
    migrated: Plain = plain
    for step in range(stored, version):
        migrated = {**migrations[step](migrated), "version": step + 1}
    return migrated
