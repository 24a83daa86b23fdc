"""The options of a run of the open design, and whether it may start. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Severity
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


def blocking_problem(report: Report) -> str:
    """Return a message on the errors that prevent training, empty if there are none."""
    errors = [problem for problem in report.problems if problem.severity is Severity.ERROR]
    if not errors:
        return ""
    subject = "1 problem prevents" if len(errors) == 1 else f"{len(errors)} problems prevent"
    first = errors[0].title or errors[0].text
    return f"{subject} training: {first}"


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
