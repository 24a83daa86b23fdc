from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dlstudio.design.edits import set_training
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.gui.runs.run_record import RunRecord, moved_path
from dlstudio.training.protocol.events import SettingChanged, Started


def started_record(project: Project | None = None) -> RunRecord:
    record = RunRecord(project or Project())
    record.record_start(Started("cpu", 1, 10, {"train": 640}, 3, 20, run_dir="/runs/today"))
    return record


def test_record_is_empty_before_the_first_run() -> None:
    record = RunRecord()
    assert record.effective_training() is None
    assert not record.used_other_data(DataSettings("iris"))
    assert not record.used_other_design(Project())


def test_clearing_a_run_keeps_only_its_design() -> None:
    record = started_record()
    assert (record.folder, record.history.name) == ("/runs/today", "today")
    record.record_change(SettingChanged(1, "learning_rate", {"learning_rate": 0.5}, "faster"))
    history = record.history
    record.clear()
    assert record.history is history
    assert record.history.markers == []
    assert (record.folder, record.changes, record.started) == ("", (), None)
    assert record.project is not None


def test_run_changes_do_not_change_the_design() -> None:
    record = started_record()
    record.record_change(SettingChanged(1, "epochs", {"epochs": 77}, "longer"))
    training = record.effective_training()
    assert training is not None
    assert training.epochs == 77
    assert record.project is not None
    assert record.project.training.epochs != 77


def test_used_other_design_ignores_changes_without_effect_on_training() -> None:
    project = Project()
    record = started_record(project)
    assert not record.used_other_design(replace(project, title="renamed"))
    longer = set_training(project, replace(project.training, epochs=77))
    assert record.used_other_design(longer)


def test_used_other_data_ignores_preprocessing() -> None:
    record = started_record()
    data = Project().data
    assert not record.used_other_data(replace(data, normalise="unit"))
    assert record.used_other_data(replace(data, source="iris"))


def test_paths_inside_a_moved_folder_are_updated() -> None:
    old, new = Path("/a/old"), Path("/b/new")
    assert moved_path("/a/old/x/weights", old, new) == str(new / "x" / "weights")
    assert moved_path("/a/older/weights", old, new) == "/a/older/weights"
    assert moved_path("", old, new) == ""
