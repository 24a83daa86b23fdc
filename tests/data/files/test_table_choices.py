"""Choices about a table: rows with empty cells are left out, a date is read as a calendar."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch

from dlstudio.cli.main import main
from dlstudio.data.core.dataset import DataSet
from dlstudio.data.load import load_data
from dlstudio.design.library.files import save
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.model import Project
from dlstudio.design.storage.codec import encode

LEAVE_OUT, CALENDAR = {"gaps": "leave out"}, {"columns": {"when": "calendar"}}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a table whose lines 4 and 7 have an empty input, and line 9 an empty target."""
    lines = ["when,size,colour,kind"]
    for index in range(60):
        size = "" if index in (2, 5) else str(index)
        kind = "" if index == 7 else "ab"[index % 2]
        month, day = divmod(index, 7)
        lines.append(
            f"2025-{month + 4:02}-{day + 1:02},{size},{('red', 'blue')[index % 3 > 0]},{kind}"
        )
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def load(path: Path, **options: object) -> DataSet:
    settings = {"path": str(path), **options}
    return load_data(DataSettings("csv", settings, split=Split(0.0, 0.0), normalise="none"))


def test_rows_with_an_empty_input_are_left_out_with_their_reason(table: Path) -> None:
    filled, without = load(table), load(table, **LEAVE_OUT)
    assert (len(filled.train), len(without.train)) == (59, 57)
    reasons = [(item.where, item.why) for item in without.left_out]
    assert reasons == [
        ("line 4", "the input column 'size' is empty"),
        ("line 7", "the input column 'size' is empty"),
        ("line 9", "the target column 'kind' is empty"),
    ]
    assert not any("filled" in line for line in without.warnings)
    kept = [row for row in range(59) if row not in (2, 5)]
    assert torch.equal(without.train.inputs["samples"], filled.train.inputs["samples"][kept])


def test_filling_by_name_equals_the_default(table: Path) -> None:
    one, other = load(table), load(table, gaps="fill")
    assert torch.equal(one.train.inputs["samples"], other.train.inputs["samples"])
    assert one.warnings == other.warnings


def test_calendar_keeps_december_beside_january(table: Path) -> None:
    data = load(table, **CALENDAR)
    assert data.columns[:4] == (
        "when: month sin", "when: month cos", "when: weekday sin", "when: weekday cos",
    )  # fmt: skip
    values = data.train.inputs["samples"][:, :4]
    april_first = values[0].tolist()
    angles = (2 * math.pi * 4 / 12, 2 * math.pi * 1 / 7)
    expected = [f(angle) for angle in angles for f in (math.sin, math.cos)]
    assert april_first == pytest.approx(expected, abs=1e-6)
    assert torch.allclose(values[:, 0] ** 2 + values[:, 1] ** 2, torch.ones(len(values)))
    assert any("become when: month sin" in line for line in data.warnings)


def test_only_designs_with_these_choices_need_file_version_2(table: Path) -> None:
    def version(**options: object) -> int:
        settings = {"path": str(table), **options}
        return int(encode(Project(data=DataSettings("csv", settings)))["version"])

    assert version() == version(gaps="fill") == version(columns={"when": "date"}) == 1
    assert version(**LEAVE_OUT) == version(**CALENDAR) == 2


def test_data_command_names_the_rows_left_out(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"path": str(table), **LEAVE_OUT, **CALENDAR}
    design = tmp_path / "design.dlstudio"
    save(Project(data=DataSettings("csv", options)), design)
    assert main(["data", str(design), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert {
        "what": "row",
        "where": "line 4",
        "why": "the input column 'size' is empty",
    } in record["left_out"]
    assert any("when: weekday cos" in note for note in record["notes"])
    assert record["columns"][0]["role"] == "input"
