"""Checks designs without their data and prints the result. Independent of command-line options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dlstudio.cli.framework.exit_codes import ExitCode
from dlstudio.cli.output.console import print_error, print_line, report_broken_packages, write_json
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.files import FileError, load
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.report import Report
from dlstudio.network.check.inference import Checker
from dlstudio.training.readiness.check import check_project
from dlstudio.training.readiness.rules.weights_file import weights_file_problems


def check_files(files: Sequence[Path], *, as_json: bool) -> int:
    """Check every file and return the highest exit status."""
    report_broken_packages()
    checker = Checker()
    return max(_check_file(file, checker, as_json=as_json) for file in files)


def _check_file(file: Path, checker: Checker, *, as_json: bool) -> int:
    try:
        project = load(file)
    except FileError as error:
        if as_json:
            write_json(_unreadable(file, str(error)))
        else:
            print_error(str(error))
        return ExitCode.USAGE
    report = check_project(project, checker, info_of(project.data))
    weights_problems = weights_file_problems(project, file.parent)
    report = replace(report, problems=(*weights_problems, *report.problems))
    if as_json:
        write_json({"file": str(file), **report_record(report)})
    else:
        _print_report(file, report)
    return ExitCode.DONE if report.ok else ExitCode.DESIGN_HAS_ERRORS


def report_record(report: Report) -> dict[str, Any]:
    """Return a report as the JSON record of `check --json`."""
    return {
        "ok": report.ok,
        "parameters": report.cost.parameters,
        "nodes": {
            path: {
                "kind": node.kind,
                "output_shapes": [list(signal.shape) for signal in node.outputs.values()],
                "parameters": node.cost.parameters,
            }
            for path, node in report.nodes.items()
        },
        "problems": [_problem_record(problem) for problem in report.problems],
    }


def _problem_record(problem: Problem) -> dict[str, Any]:
    repair = problem.repairs[0] if problem.repairs else None
    return {
        "severity": problem.severity.value,
        "node": problem.path,
        "code": problem.code,
        "text": problem.text,
        "repair": repair.title if repair else None,
        "incomplete": problem.incomplete,
    }


def _unreadable(file: Path, text: str) -> dict[str, Any]:
    problem = {
        "severity": "error",
        "node": "",
        "code": "unreadable-file",
        "text": text,
        "repair": None,
        "incomplete": False,
    }
    return {"file": str(file), "ok": False, "parameters": 0, "nodes": {}, "problems": [problem]}


def _print_report(file: Path, report: Report) -> None:
    state = "ready to train" if report.ok else "not ready"
    print_line(f"{file}: {state}, {report.cost.parameters:,} parameters")
    for path, node in report.nodes.items():
        shapes = ", ".join(signal.text() for signal in node.outputs.values())
        if node.blocked_by:
            shapes = f"waiting for {node.blocked_by}"
        parameters = f"{node.cost.parameters:,}" if node.cost.parameters else ""
        print_line(f"  {path:<24} {node.kind:<20} {shapes:<24} {parameters:>12}")
    for problem in report.problems:
        print_line(f"  {problem.severity.value}: {problem.path or 'network'}: {problem.text}")
        for repair in problem.repairs[:1]:
            print_line(f"    fix: {repair.title}")
