"""Older format versions brought up to date, on plain values and in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dlstudio.design.storage.errors import FileError

FORMAT = "dlstudio"
VERSION = 1
"""The format version that is written. A change of meaning raises it and adds a migration."""

Plain = dict[str, Any]
Migration = Callable[[Plain], Plain]

MIGRATIONS: Mapping[int, Migration] = {}
"""From a version to the function that brings its files to the next one."""


def migrate(
    plain: Any, migrations: Mapping[int, Migration] = MIGRATIONS, version: int = VERSION
) -> Plain:
    """Return the plain values of a file, brought to `version`.

    Raises:
        FileError: It is no design file, or of a version that this dlstudio does not know.
    """
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise FileError("it is not a dlstudio design")
    stored = plain.get("version")
    if isinstance(stored, bool) or not isinstance(stored, int) or stored < 1:
        raise FileError("its format version is not a whole number from 1 on")
    if stored > version:
        raise FileError(
            f"it was made by a newer dlstudio (format {str(stored)[:12]}; this one reads up to "
            f"{version}). Update dlstudio to open it"
        )
    migrated: Plain = plain
    for step in range(stored, version):
        migrated = {**migrations[step](migrated), "version": step + 1}
    return migrated
