"""Atomically written JSON files, and JSON lines that survive a crash. Does not import torch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dlstudio.design.storage.atomic_files import write_atomically


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically: to a temporary file, synced, then moved to `path`."""
    write_atomically(path, lambda unfinished: unfinished.write_bytes(content))


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write plain values as JSON; ValueError for a number that is not finite."""
    write_bytes(path, (json.dumps(content, indent=1, allow_nan=False) + "\n").encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the file's JSON object; None if it cannot be read."""
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
