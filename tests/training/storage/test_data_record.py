"""A resumed run notices that its data has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dlstudio.data.core.dataset import DataSet
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.training_settings import ParameterGroup, Schedule
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import EpochDone, Failed, Started
from dlstudio.training.storage.data_record import compare_data, data_record
from tests.training.training_designs import (
    chain,
    events_of,
    run_training,
    scripted_control,
    single_event,
)

CLASSES = ("red", "green")


def write_table(
    path: Path,
    *,
    rows: int = 40,
    classes: Sequence[str] = CLASSES,
    columns: Sequence[str] = ("width", "height"),
    factor: float = 1.0,
) -> DataSettings:
    """Write a table of two classes; return settings that read it."""
    body = [
        f"{factor * (row % 7)},{(row * 3) % 11},{classes[row % len(classes)]}"
        for row in range(rows)
    ]
    path.write_text("\n".join([",".join([*columns, "colour"]), *body]))
    uses = {columns[0]: "number", columns[1]: "number", "colour": "class"}
    return DataSettings(
        source="csv", options={"path": str(path), "columns": uses}, split=Split(0.2, 0.2)
    )


def table(folder: Path, **options: object) -> DataSet:
    return load_data(write_table(folder / "table.csv", **options))  # type: ignore[arg-type]


def test_equal_data_gives_no_note(tmp_path: Path) -> None:
    assert compare_data(data_record(table(tmp_path)), table(tmp_path)) == []


def test_more_samples_are_only_noted(tmp_path: Path) -> None:
    stored = data_record(table(tmp_path, rows=2000))
    notes = compare_data(stored, table(tmp_path, rows=2010))
    assert notes[0] == (
        "The training data had 1,280 samples when this run started and has 1,286 now; the run "
        "goes on with the new data"
    )
    assert any("changed slightly" in note for note in notes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"classes": ("red", "blue")}, "the classes were green, red and are now blue, red"),
        ({"classes": ("red", "green", "blue")}, "the classes were green, red and are now blue"),
        ({"columns": ("height", "width")}, "the columns are in another order"),
        ({"columns": ("width", "depth")}, "the columns were width, height and are now"),
        ({"factor": 100.0}, "the mean or the spread of its samples is different"),
    ],
)
def test_data_that_the_network_would_read_differently_is_refused(
    changes: dict[str, object], text: str, tmp_path: Path
) -> None:
    stored = data_record(table(tmp_path))
    with pytest.raises(TrainingError, match=text):
        compare_data(stored, table(tmp_path, **changes))


def test_a_record_without_these_entries_is_accepted(tmp_path: Path) -> None:
    assert compare_data({}, table(tmp_path)) == []


def test_a_resumed_run_refuses_renamed_classes_and_stays_as_it_was(tmp_path: Path) -> None:
    settings = write_table(tmp_path / "table.csv")
    project = replace(chain([("linear", {"out_features": 2})], epochs=2), data=settings)
    folder = tmp_path / "run"
    run_training(project, scripted_control("step", "stop"), run_dir=str(folder))
    before = {path: path.read_bytes() for path in folder.rglob("*.json")}
    write_table(tmp_path / "table.csv", classes=("red", "blue"))
    failed = single_event(run_training(project, run_dir=str(folder), resume=True), Failed)
    assert "the classes were green, red and are now blue, red" in failed.text
    kept = {path: content for path, content in before.items() if path.name != "run.json"}
    assert {path: path.read_bytes() for path in kept} == kept
    write_table(tmp_path / "table.csv")
    resumed = run_training(project, run_dir=str(folder), resume=True)
    assert single_event(resumed, Started).step == 1


def test_a_resumed_run_with_more_data_keeps_its_schedule(tmp_path: Path) -> None:
    settings = write_table(tmp_path / "table.csv", rows=2000)
    project = replace(chain([("linear", {"out_features": 2})], epochs=2), data=settings)
    group = ParameterGroup(schedule=Schedule("step", {"every": 1, "factor": 0.5}))
    training = replace(project.training, groups=(group,), batch_size=500)
    project = replace(project, training=training)
    folder = str(tmp_path / "run")
    first = events_of(run_training(project, run_dir=folder), EpochDone)
    write_table(tmp_path / "table.csv", rows=8000)
    events = run_training(project, run_dir=folder, resume=True, epochs=4)
    rates = [event.learning_rate for event in [*first, *events_of(events, EpochDone)]]
    assert [rate / rates[0] for rate in rates] == [1.0, 0.5, 0.25, 0.125]
    assert any("now; the run" in note for note in single_event(events, Started).warnings)


def test_a_new_run_does_not_replace_another_one(tmp_path: Path) -> None:
    project = chain([("flatten", {}), ("linear", {"out_features": 10})], epochs=1)
    folder = str(tmp_path / "run")
    run_training(project, scripted_control("step", "stop"), run_dir=folder)
    failed = single_event(run_training(project, run_dir=folder), Failed)
    assert "already holds a run" in failed.text
    control = scripted_control("stop")
    assert events_of(run_training(project, control, run_dir=folder, overwrite=True), Started)


def test_a_finished_run_is_resumed_with_a_note(tmp_path: Path) -> None:
    project = chain([("flatten", {}), ("linear", {"out_features": 10})], epochs=1)
    folder = str(tmp_path / "run")
    run_training(project, run_dir=folder)
    started = single_event(run_training(project, run_dir=folder, resume=True), Started)
    assert "already finished after 1 epochs" in started.warnings[0]


def test_an_empty_folder_cannot_be_resumed(tmp_path: Path) -> None:
    project = chain([("flatten", {}), ("linear", {"out_features": 10})], epochs=1)
    failed = single_event(run_training(project, run_dir=str(tmp_path), resume=True), Failed)
    assert "holds no run to resume" in failed.text
