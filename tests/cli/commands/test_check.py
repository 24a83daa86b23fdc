import json
from pathlib import Path

import pytest

from dlstudio.cli.main import main
from dlstudio.design.edits import remove_nodes
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save


def test_json_contains_shapes_and_parameter_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(example_path("mnist-deepnet")), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert set(record) == {"file", "ok", "parameters", "nodes", "problems"}
    assert record["ok"] is True
    expected = 784 * 256 + 256 + 2 * 256 + 256 * 128 + 128 + 2 * 128 + 128 * 64 + 64 + 64 * 10 + 10
    assert record["parameters"] == expected
    linears = [node for node in record["nodes"].values() if node["kind"] == "linear"]
    assert [node["output_shapes"] for node in linears] == [[[256]], [[128]], [[64]], [[10]]]
    assert linears[0]["parameters"] == 784 * 256 + 256


def test_errors_exit_with_status_one_and_suggest_a_fix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = load(example_path("mnist-simple"))
    flatten = next(key for key, node in project.graph.nodes.items() if node.kind == "flatten")
    broken = tmp_path / "broken.dlstudio"
    save(remove_nodes(project, [flatten], rewire=True), broken)
    assert main(["check", str(broken), "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["ok"] is False
    problem = record["problems"][0]
    assert set(problem) == {"severity", "node", "code", "text", "repair", "incomplete"}
    assert problem["code"] == "missing-flatten"
    assert "28" in problem["text"]
    assert problem["repair"]
    assert main(["check", str(broken)]) == 1
    assert "fix:" in capsys.readouterr().out


def test_worst_file_determines_the_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.dlstudio"
    assert main(["check", str(example_path("xor-mlp")), str(missing), "--json"]) == 2
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["ok"] for record in records] == [True, False]
