"""Files written completely or not at all, and JSON lines that survive a crash. Knows no torch."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically: to a temporary file, synced, then moved to `path`."""

    def write(unfinished: Path) -> None:
        unfinished.write_bytes(content)

    write_atomically(path, write)


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` create a temporary file, sync it, and move it to `path`.

    An OSError leaves no file behind.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write plain values as JSON; ValueError for a number that is not finite."""
    write_bytes(path, (json.dumps(content, indent=1, allow_nan=False) + "\n").encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the file's JSON object; None where it cannot be read."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON lines file up to the first truncated or invalid line."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            try:
                record = json.loads(line)
            except ValueError:
                return
            yield record


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write a JSON lines file atomically."""
    write_bytes(path, b"".join(encode_line(record) for record in records))


def encode_line(record: Mapping[str, Any]) -> bytes:
    """Return one line; ValueError for a number that is not finite."""
    return (json.dumps(record, separators=(",", ":"), allow_nan=False) + "\n").encode()
