"""Computes the reports on the built-in examples; without arguments, writes them to `resources`.

python -m tests.resources.example_reports
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import chosen
from dlstudio.network.check.inference import Checker
from dlstudio.network.check.memory import memory_needed
from dlstudio.training.readiness.check import check_project
from dlstudio.training.readiness.stored_reports import FILE_NAME, StoredReport, encode_reports

FILE = Path(__file__).parents[2] / "resources" / FILE_NAME
ALWAYS_FREE = 1 << 30
"""Bytes of memory that any computer that runs the window can train with."""


def computed_reports() -> Iterator[tuple[Project, StoredReport]]:
    """Yield each example by name and its report, without problems of this computer's memory."""
    for name in sorted(example_names()):
        project = load(example_path(name))
        report = check_project(project, Checker())
        problems = tuple(problem for problem in report.problems if problem.code != "memory")
        batch_size = chosen(project.training.batch_size)
        needed = memory_needed(report, batch_size, project.training.groups[0].optimiser.name)
        yield (
            project,
            StoredReport(replace(report, problems=problems), needed.total <= ALWAYS_FREE),
        )


if __name__ == "__main__":
    FILE.write_text(encode_reports(computed_reports()), encoding="utf-8")
