import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlstudio.cli.main import main
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import save
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project

KEYS = {"source", "samples", "inputs", "columns", "classes", "left_out", "notes"}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = [
        f"{index / 7:.2f},{'red' if index % 3 else 'blue'},{'ab'[index % 2]}"
        for index in range(120)
    ]
    path = tmp_path / "flats.csv"
    path.write_text("\n".join(["area,colour,kind", *rows]), encoding="utf-8")
    return path


def read_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    assert main(["data", *map(str, arguments), "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("\n") == 1
    record: dict[str, object] = json.loads(captured.out)
    assert set(record) == KEYS
    return record


def test_json_describes_a_table(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = read_json(capsys, table)
    assert record["source"] == "csv"
    assert record["samples"] == {"train": 87, "validation": 15, "test": 18}
    assert record["inputs"] == {"samples": [3]}
    assert record["classes"] == ["a", "b"]


def test_text_names_samples_inputs_and_classes(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", str(table)]) == 0
    out = capsys.readouterr().out
    for text in ("Table (CSV) (csv)", "87 train, 15 validation, 18 test", "samples 3", "2: a, b"):
        assert text in out


def test_source_overrules_the_detection(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = read_json(capsys, table, "--source", "text")
    assert record["source"] == "text"
    assert record["columns"] == []


def test_folder_of_images_is_detected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("cat", "dog"):
        folder = tmp_path / "animals" / name
        folder.mkdir(parents=True)
        for index in range(10):
            Image.new("RGB", (8, 8), (index, 0, 0)).save(folder / f"{index}.png")
    record = read_json(capsys, tmp_path / "animals")
    assert record["source"] == "image-folder"
    assert record["classes"] == ["cat", "dog"]
    assert record["inputs"] == {"samples": [3, 64, 64]}


def test_arrays_are_detected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "points.npz"
    np.savez(path, x=np.random.default_rng(0).normal(size=(30, 4)), y=np.arange(30) % 2)
    assert read_json(capsys, path)["inputs"] == {"samples": [4]}


def test_design_gives_its_own_data(capsys: pytest.CaptureFixture[str]) -> None:
    record = read_json(capsys, example_path("digits-mlp"))
    assert record["source"] == "digits"
    assert record["inputs"] == {"samples": [1, 8, 8]}


def test_design_with_another_source_keeps_its_file(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design = tmp_path / "flats.dlstudio"
    save(Project(data=DataSettings("csv", {"path": str(table)})), design)
    assert read_json(capsys, design)["source"] == "csv"
    assert read_json(capsys, design, "--source", "text")["source"] == "text"


@pytest.mark.parametrize("name", ["missing.csv", "missing.dlstudio", "strange.xyz", "empty.csv"])
def test_unreadable_data_exits_with_status_two(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for existing in ("strange.xyz", "empty.csv"):
        (tmp_path / existing).touch()
    assert main(["data", str(tmp_path / name)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert name.partition(".")[0] in captured.err
    assert main(["data", str(tmp_path / name), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["event"] == "failed"


def test_unknown_source_exits_with_status_two(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", str(table), "--source", "excel"]) == 2
    assert main(["data", str(table), "--source", "iris"]) == 2
    assert "reads no file" in capsys.readouterr().err


def test_files_that_are_left_out_are_counted_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ants", "bees"):
        (tmp_path / name).mkdir()
        for number in range(5):
            Image.new("RGB", (8, 8)).save(tmp_path / name / f"{number}.png")
            (tmp_path / name / f"{number}.mp4").write_bytes(b"video")
    (tmp_path / "bees" / "Thumbs.db").write_bytes(b"")
    assert main(["data", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    reason = ".mp4 files cannot be read as images"
    assert "left out: 11" in out
    assert f"ants/0.mp4 and 9 more: {reason} (10 files)" in out
    assert "bees/Thumbs.db: a hidden or thumbnail file (file)" in out
    record = read_json(capsys, tmp_path)
    assert record["left_out"] == [
        {"what": "file", "where": "ants/0.mp4 and 9 more", "why": reason},
        {"what": "file", "where": "bees/Thumbs.db", "why": "a hidden or thumbnail file"},
    ]
