"""The reports that ship with the examples equal a fresh check, and only unchanged designs get them.

After a change of checks or examples: python -m tests.resources.example_reports
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from dlstudio.design.edits import set_settings, set_title
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.training.readiness import stored_reports
from dlstudio.training.readiness.stored_reports import (
    StoredReport,
    encode_reports,
    report_key,
    stored_report,
)
from tests.resources.example_reports import FILE, computed_reports


@pytest.fixture(scope="module")
def computed() -> list[tuple[Project, StoredReport]]:
    return list(computed_reports())


@pytest.fixture
def example() -> Project:
    return load(example_path("digits-mlp"))


def test_stored_reports_equal_a_fresh_check(
    computed: list[tuple[Project, StoredReport]],
) -> None:
    assert len(computed) == len(example_names())
    for project, expected in computed:
        assert stored_report(project) == expected, project.title


def test_file_is_what_the_command_writes(computed: list[tuple[Project, StoredReport]]) -> None:
    assert FILE.read_text(encoding="utf-8") == encode_reports(computed)


def test_networks_too_large_for_some_computers_are_checked_before_training() -> None:
    stored = {name: stored_report(load(example_path(name))) for name in ("gpt-3", "digits-mlp")}
    assert {name: report and report.is_complete for name, report in stored.items()} == {
        "gpt-3": False,
        "digits-mlp": True,
    }


def test_edited_example_has_no_stored_report(example: Project) -> None:
    layer = next(name for name, node in example.graph.nodes.items() if node.kind == "linear")
    edits = [
        set_settings(example, [layer], {"out_features": 31}),
        set_title(example, layer, "first"),
        replace(example, training=replace(example.training, batch_size=7)),
        replace(example, data=replace(example.data, source="iris")),
    ]
    assert stored_report(example) is not None
    assert [stored_report(project) for project in edits] == [None] * 4


def test_title_and_layout_of_an_example_do_not_matter(example: Project) -> None:
    renamed = replace(example, title="Mine", about="", layouts={})
    assert stored_report(renamed) == stored_report(example)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERSION", "0.0.0"),
        ("KINDS", {**stored_reports.KINDS, "tiny": stored_reports.KINDS["relu"]}),
        ("TASKS", {**stored_reports.TASKS, "ranking": stored_reports.TASKS["regression"]}),
        ("SOURCES", {**stored_reports.SOURCES, "stars": stored_reports.SOURCES["iris"]}),
        ("info_of", lambda _settings: DatasetInfo()),
    ],
    ids=["version", "layers", "tasks", "sources", "facts"],
)
def test_other_version_registry_or_facts_have_no_stored_report(
    name: str, value: object, example: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = report_key(example)
    monkeypatch.setattr(stored_reports, name, value)
    assert report_key(example) != before
    assert stored_report(example) is None


def test_stored_report_is_read_without_torch() -> None:
    program = (
        "import sys\n"
        "from dlstudio.design.library.examples import example_path\n"
        "from dlstudio.design.library.files import load\n"
        "from dlstudio.training.readiness.stored_reports import stored_report\n"
        "assert stored_report(load(example_path('mnist-cnn'))) is not None\n"
        "print([name for name in ('torch', 'numpy', 'PySide6') if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
