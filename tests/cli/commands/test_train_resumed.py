"""`train --resume` with a changed design: what the run takes over, and what it names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dlstudio.design.edits import set_settings
from dlstudio.design.library.files import load, save
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Schedule
from tests.cli.outcome import Outcome

Run = Callable[..., Outcome]
Edit = Callable[[Project], Project]


def edit_training(**values: Any) -> Edit:
    return lambda project: replace(project, training=replace(project.training, **values))


def edit_split(**values: Any) -> Edit:
    return lambda project: replace(
        project, data=replace(project.data, split=replace(project.data.split, **values))
    )


def edit_schedule(project: Project) -> Project:
    group = replace(project.training.groups[0], schedule=Schedule("cosine"))
    return edit_training(groups=(group,))(project)


def change(file: Path, edit: Edit) -> None:
    save(edit(load(file)), file)


@pytest.fixture
def trained(dlstudio: Run, digits: Path, tmp_path: Path) -> Callable[..., Outcome]:
    """Train two epochs, and return a function that trains in the same folder again."""

    def train(*more: object) -> Outcome:
        folder = tmp_path / "run"
        return dlstudio("train", digits, "--run-dir", folder, "--threads", 1, "--json", *more)

    assert train("--epochs", 2).status == 0
    return train


@pytest.mark.parametrize(
    ("edit", "name"),
    [
        (edit_training(batch_size=500), "batch_size"),
        (edit_training(loss_settings={"label_smoothing": 0.2}), "loss_settings"),
        (edit_training(class_weights="balanced"), "class_weights"),
        (edit_schedule, "schedule"),
    ],
)
def test_changed_setting_is_taken_over_and_recorded(
    trained: Run, digits: Path, edit: Edit, name: str
) -> None:
    change(digits, edit)
    resumed = trained("--resume", "--epochs", 3)
    assert resumed.status == 0, resumed.err
    changed = [record["change"] for record in resumed.records if record["event"] == "changed"]
    assert changed == ["epochs", name]
    again = trained("--resume", "--epochs", 4)
    assert [record["change"] for record in again.records if record["event"] == "changed"] == [
        "epochs"
    ]
    own = digits.parent / "run" / "project.dlstudio"
    assert load(own).training != load(digits).training


def test_epochs_of_the_design_count_unless_options_set_them(trained: Run, digits: Path) -> None:
    unchanged = trained("--resume")
    assert unchanged.records[-1]["epochs"] == 2
    change(digits, edit_training(epochs=3))
    kept = trained("--resume")
    assert kept.records[-1]["epochs"] == 2
    assert trained("--overwrite").records[-1]["epochs"] == 3
    change(digits, edit_training(epochs=5))
    assert trained("--resume").records[-1]["epochs"] == 5


@pytest.mark.parametrize(
    ("edit", "noun"),
    [
        (lambda project: set_settings(project, ["linear_1"], {"out_features": 5}), "network"),
        (edit_split(seed=3), "seed of the split"),
        (edit_split(validation=0.4), "split"),
        (edit_training(seed=3), "seed"),
    ],
)
def test_what_the_run_cannot_take_is_refused_with_the_choices(
    trained: Run, dlstudio: Run, digits: Path, edit: Edit, noun: str
) -> None:
    folder = digits.parent / "run"
    change(digits, edit)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    refused = trained("--resume", "--epochs", 3)
    assert refused.status == 2
    text = refused.records[0]["text"]
    assert f"the {noun} has changed since the run" in text
    assert all(option in text for option in ("--overwrite", "--weights-from"))
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    own = folder / "project.dlstudio"
    assert f"dlstudio train {own} --resume" in text
    resumed = dlstudio("train", own, "--resume", "--epochs", 3, "--json")
    assert resumed.status == 0, resumed.err
    assert resumed.records[-1]["epochs"] == 3


def test_another_seed_cannot_be_asked_of_a_run(trained: Run) -> None:
    refused = trained("--resume", "--seed", 77)
    assert refused.status == 2
    assert "the seed has changed" in refused.records[0]["text"]


def test_fitting_weights_of_a_run_start_a_new_one(
    trained: Run, dlstudio: Run, digits: Path, tmp_path: Path
) -> None:
    change(digits, lambda project: set_settings(project, ["linear_1"], {"out_features": 5}))
    arguments = ("train", digits, "--epochs", 1, "--run-dir", tmp_path / "new", "--json")
    started = dlstudio(*arguments, "--weights-from", tmp_path / "run").records[0]
    assert "1 of 3 layers" in started["warnings"][0]
    missing = dlstudio("train", digits, "--weights-from", tmp_path / "nothing", "--json")
    assert missing.status == 2
    assert "holds no weights" in missing.records[0]["text"]
    both = trained("--resume", "--weights-from", tmp_path / "run")
    assert both.status == 2
