from pathlib import Path

import pytest

from dlstudio.cli.main import main
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.examples import (
    HISTORY,
    LESSON_ORDER,
    example_names,
    example_path,
    lesson_names,
)
from dlstudio.design.library.files import dumps, load
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project


def test_list_starts_each_line_with_the_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["examples"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(example_names())
    assert {*LESSON_ORDER, *HISTORY} <= set(example_names())


def test_copy_is_identical(tmp_path: Path) -> None:
    copy = tmp_path / "copy.dlstudio"
    assert main(["examples", "xor-mlp", "-o", str(copy)]) == 0
    assert copy.read_bytes() == example_path("xor-mlp").read_bytes()


def test_unknown_name_lists_the_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["examples", "nonsense"]) == 2
    assert "digits-mlp" in capsys.readouterr().err


@pytest.mark.parametrize("name", lesson_names())
def test_every_lesson_is_valid_and_described(name: str) -> None:
    project = load(example_path(name))
    report = check_project(project, Checker(), info_of(project.data))
    assert report.problems == ()
    assert project.title
    assert len(project.about) > 80
    assert dumps(project) == example_path(name).read_text(encoding="utf-8")
