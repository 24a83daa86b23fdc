"""The options of a run of the open design, and whether it may start. Imports no torch."""

from __future__ import annotations

from operator import attrgetter
from pathlib import Path

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.report import Report
from dlstudio.gui.document.document import Document
from dlstudio.gui.document.preferences import preferences
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.storage.runs import runs_dir_for


def run_options(document: Document, initial_weights: str) -> RunOptions:
    """Return the options for a run of the document, from the user's preferences."""
    prefs = preferences()
    path = document.path
    return RunOptions(
        threads=prefs.run_threads,
        data_dir=prefs.data_dir,
        runs_dir=str(runs_folder(path)),
        design_dir=str(path.parent) if path else "",
        initial_weights=initial_weights,
    )


def runs_folder(design: Path | None) -> Path:
    """Return the runs folder of a design; the preferences may set one for unsaved designs."""
    preferred = preferences().runs_dir
    if design is None and preferred:
        return Path(preferred).expanduser()
    return runs_dir_for(design)


def may_start(document: Document) -> bool:
    """Whether a run may start, now or when the first check of an opened design has ended."""
    if document.report.nodes or document.is_checked:
        return document.report.ok and bool(document.report.nodes)
    return bool(document.project.graph.nodes)


def blocking_problem(report: Report) -> str:
    """Return a message on what prevents training, empty if nothing does."""
    problems = [problem for problem in report.problems if problem.prevents_training]
    if not problems:
        return ""
    first = min(problems, key=attrgetter("rank"))
    return first.text if report.ok else f"{error_summary(report)}: {first.title or first.text}"


def error_summary(report: Report) -> str:
    """Return a text on what prevents training; empty if nothing does.

    It counts contradictions; if there are none, the network is just not complete yet.
    """
    count = sum(problem.is_contradiction for problem in report.problems)
    if count:
        return f"{'One problem prevents' if count == 1 else f'{count} problems prevent'} training"
    return "" if report.ok else "The network is not complete yet"


def same_data(old: DataSettings, new: DataSettings) -> bool:
    """Whether both refer to the same samples, regardless of split and preprocessing."""
    return (old.source, old.options) == (new.source, new.options)


def same_run_inputs(old: Project, new: Project) -> bool:
    """Whether both designs would give the same run."""
    same_network = old.graph is new.graph and old.blocks is new.blocks
    if same_network and old.data is new.data and old.training is new.training:
        return True
    from dlstudio.design.changes.fingerprint import fingerprint_run

    return fingerprint_run(old) == fingerprint_run(new)
