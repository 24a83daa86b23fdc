"""The JSON output keeps the events and keys that existing scripts rely on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.outcome import Outcome
from tests.kept_files import KEPT

LATER_KEYS = {"warnings"}
"""Keys of the event `started` that the stored output does not have yet."""
DESIGNS = ("blocks.dlstudio", "table.dlstudio", "trained.dlstudio")


@pytest.fixture
def designs(tmp_path: Path) -> tuple[str, ...]:
    """Copy the stored designs into the working folder of the command."""
    for name in (*DESIGNS, "measurements.csv", "trained.fa6fa44a.safetensors"):
        shutil.copy(KEPT / name, tmp_path)
    return DESIGNS


def stored_records(name: str) -> list[dict[str, Any]]:
    lines = (KEPT / "cli" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def keys_by_event(records: list[dict[str, Any]]) -> dict[str, set[str]]:
    keys: dict[str, set[str]] = {}
    for record in records:
        keys.setdefault(record["event"], set()).update(record)
    return keys


def test_check_output_is_unchanged(
    designs: tuple[str, ...], dlstudio: Callable[..., Outcome]
) -> None:
    outcome = dlstudio("check", *designs, "--json")
    assert outcome.status == 0, outcome.err
    assert outcome.records == stored_records("check")


@pytest.mark.usefixtures("designs")
def test_train_events_and_keys_are_unchanged(dlstudio: Callable[..., Outcome]) -> None:
    options = ("--epochs", 1, "--device", "cpu", "--threads", 1, "--json")
    records = dlstudio("train", "trained.dlstudio", *options).records
    stored = stored_records("train")
    assert [record["event"] for record in records] == [record["event"] for record in stored]
    expected = keys_by_event(stored)
    expected["started"] |= LATER_KEYS
    assert keys_by_event(records) == expected
    assert records[0]["parameters"] == stored[0]["parameters"]
    losses = [record["loss"] for record in stored if record["event"] == "step"]
    # Other builds of torch round the last bits differently.
    assert [record["loss"] for record in records if record["event"] == "step"] == pytest.approx(
        losses, rel=1e-3
    )


def test_failure_is_one_event_with_unchanged_keys(dlstudio: Callable[..., Outcome]) -> None:
    records = dlstudio("train", "none.dlstudio", "--json").records
    assert keys_by_event(records) == keys_by_event(stored_records("unreadable"))
    assert "none.dlstudio" in records[0]["text"]


def test_stored_events_have_current_names() -> None:
    assert set(keys_by_event(stored_records("interrupted"))) == {
        "started",
        "step",
        "epoch",
        "finished",
    }
