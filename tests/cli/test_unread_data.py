"""Commands on designs with unread data, or with missing or corrupt weights."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dlstudio.cli.main import main
from dlstudio.design.edits import append_after
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project, WeightsRef

Capture = pytest.CaptureFixture[str]


def write_table_design(file: Path, out_features: int = 2) -> Path:
    """Write a table and a design that has not read it yet; return the table."""
    table = file.with_name("own.csv")
    rows = (f"0.5,{number},{'ab'[number % 2]}" for number in range(40))
    table.write_text("\n".join(["x,y,class", *rows]) + "\n")
    project, last_id = append_after(Project(), None, "input")
    for kind, settings in (("linear", {"out_features": out_features}), ("output", {})):
        project, last_id = append_after(project, last_id, kind, settings)
    data = DataSettings("csv", {"path": str(table), "columns": {"class": "class"}})
    save(replace(project, data=data), file)
    return table


def run_json(capsys: Capture, *arguments: object) -> tuple[int, list[dict[str, Any]], str]:
    status = main([*map(str, arguments), "--json"])
    captured = capsys.readouterr()
    return status, [json.loads(line) for line in captured.out.splitlines()], captured.err


def test_train_reads_unread_data_first(tmp_path: Path, capsys: Capture) -> None:
    design = tmp_path / "own.dlstudio"
    write_table_design(design)
    before = design.read_bytes()
    status, (checked,), _ = run_json(capsys, "check", design)
    assert status == 1
    assert "no-data" in [problem["code"] for problem in checked["problems"]]
    status, events, _ = run_json(capsys, "train", design, "--epochs", 1, "--device", "cpu")
    assert status == 0, events
    assert [events[0]["event"], events[-1]["event"]] == ["started", "finished"]
    assert design.read_bytes() == before


def test_mismatch_of_data_and_design_is_reported(tmp_path: Path, capsys: Capture) -> None:
    design = tmp_path / "own.dlstudio"
    table = write_table_design(design, out_features=5)
    status, (rejected,), _ = run_json(capsys, "train", design)
    assert (status, rejected["event"]) == (1, "failed")
    assert "2 class scores (a, b)" in rejected["text"]
    table.unlink()
    status, (failed,), _ = run_json(capsys, "train", design)
    assert (status, failed["event"]) == (3, "failed")
    assert "own.csv" in failed["text"]


@pytest.mark.parametrize(
    ("content", "message"), [(None, "were not found"), (b"no weights at all", "is corrupt")]
)
def test_missing_or_corrupt_weights_cause_a_warning(
    tmp_path: Path, capsys: Capture, content: bytes | None, message: str
) -> None:
    design = tmp_path / "digits.dlstudio"
    save(
        replace(load(example_path("digits-mlp")), weights=WeightsRef("w.safetensors", "sha256:0")),
        design,
    )
    if content is not None:
        design.with_name("w.safetensors").write_bytes(content)
    status, (checked,), err = run_json(capsys, "check", design)
    assert (status, checked["ok"], err) == (0, True, "")
    (problem,) = checked["problems"]
    assert (problem["severity"], problem["code"]) == ("warning", "weights-file")
    assert message in problem["text"]
    status, events, err = run_json(capsys, "train", design, "--epochs", 1, "--device", "cpu")
    assert (status, events[0]["event"]) == (0, "started")
    (line,) = err.splitlines()
    assert message in line


def test_example_weights_cause_no_warning(tmp_path: Path, capsys: Capture) -> None:
    design = tmp_path / "lenet5.dlstudio"
    assert main(["examples", "lenet5", "-o", str(design)]) == 0
    capsys.readouterr()
    assert run_json(capsys, "check", design)[1][0]["problems"] == []
