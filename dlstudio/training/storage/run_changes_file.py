"""Reads the changes that were made during a run. Does not import torch."""

from __future__ import annotations

from pathlib import Path

from dlstudio.training.protocol.events import SettingChanged
from dlstudio.training.storage.json_files import read_lines
from dlstudio.training.storage.runs import EVENTS


def read_changes(run_dir: Path) -> tuple[SettingChanged, ...]:
    """Return the changes of a run, in order."""
    return tuple(
        SettingChanged(record["step"], record["change"], record["arguments"], record["text"])
        for record in read_lines(run_dir / EVENTS)
        if record["event"] == "changed"
    )
