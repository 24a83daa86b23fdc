"""The rows of the data and training forms use the declarations of the settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.preprocessing_options import PREPROCESSING
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import EarlyStopping, ParameterGroup, TrainingSettings
from dlstudio.gui.data.data_form_rows import form_rows
from dlstudio.gui.training.training_form_rows import sections
from dlstudio.training.options.training_options import EARLY_STOPPING, RATE_FACTOR


def test_declared_defaults_match_a_new_design() -> None:
    data, values = DataSettings(source="digits"), DataSettings(source="diabetes")
    rows = {
        row.name: row
        for settings in (values, data)
        for section_rows in form_rows(settings).values()
        for row in section_rows
    }
    assert rows.keys() == PREPROCESSING.keys()
    for name, setting in PREPROCESSING.items():
        assert rows[name].read(data) == setting.default
        assert rows[name].setting.help == setting.help


@pytest.mark.parametrize(
    ("source", "shown"), [("digits", False), ("diabetes", True), ("series", True)]
)
def test_target_is_standardised_only_where_it_is_a_value(source: str, shown: bool) -> None:
    rows = {row.name: row for row in form_rows(DataSettings(source))["Normalisation"]}
    assert ("standardise_target" in rows) == shown
    if shown:
        row = rows["standardise_target"]
        assert row.read(row.write(DataSettings(source), True)) is True


@pytest.mark.parametrize("name", ["augmentation.crop", "split.most"])
def test_row_writes_a_parsed_value(name: str) -> None:
    data = DataSettings(source="digits")
    row = next(
        row for section_rows in form_rows(data).values() for row in section_rows if row.name == name
    )
    new_data = row.write(data, row.setting.parse(7))
    assert row.read(new_data) == 7
    assert new_data != data


def test_training_rows_use_the_declared_settings() -> None:
    groups = (ParameterGroup("trunk"), ParameterGroup())
    training = TrainingSettings(groups=groups, early_stopping=EarlyStopping(enabled=True))
    rows = {row.name: row for section in sections(training, DatasetInfo()) for row in section.rows}
    assert rows["group.factor"].setting is RATE_FACTOR
    default_training = replace(training, early_stopping=EarlyStopping())
    for name, setting in EARLY_STOPPING.items():
        row = rows[f"early_stopping.{name}"]
        assert row.setting is setting
        assert row.read(default_training) == setting.default


def test_without_early_stopping_only_its_toggle_is_shown() -> None:
    shown = sections(TrainingSettings(), DatasetInfo())
    rows = [row.name for section in shown for row in section.rows]
    assert [name for name in rows if name.startswith("early_stopping")] == [
        "early_stopping.enabled"
    ]


def test_unknown_task_and_loss_stay_selected() -> None:
    training = TrainingSettings(task="ranking", loss="margin", task_settings={"weight": 2.0})
    rows = {row.name: row for row in sections(training, DatasetInfo())[0].rows}
    for name, value in (("task", "ranking"), ("loss", "margin")):
        assert rows[name].read(training) == rows[name].setting.options[0] == value
    assert rows["task"].write(training, "regression").task_settings == {}


def offered(training: TrainingSettings, facts: DatasetInfo) -> list[str]:
    stopping = replace(training.early_stopping, enabled=True)
    form = sections(replace(training, early_stopping=stopping), facts)
    rows = {row.name: row for section in form for row in section.rows}
    return list(rows["early_stopping.monitor"].titles.values())


@pytest.mark.parametrize(("example", "shown"), [("digits-mlp", False), ("imbalanced-moons", True)])
def test_balanced_accuracy_is_offered_only_for_imbalanced_classes(
    example: str, shown: bool
) -> None:
    project = load(example_path(example))
    titles = offered(project.training, info_of(project.data))
    assert ("Validation balanced accuracy" in titles) == shown
    assert titles[:2] == ["Validation loss", "Validation accuracy"]


def test_error_of_the_noisy_input_is_not_offered() -> None:
    training = TrainingSettings(task="reconstruction")
    assert offered(training, DatasetInfo()) == ["Validation loss", "Validation mean squared error"]


def test_chosen_monitor_stays_as_not_available() -> None:
    stopping = EarlyStopping(enabled=True, monitor="validation_balanced_accuracy")
    titles = offered(TrainingSettings(early_stopping=stopping), DatasetInfo(class_counts=(50, 50)))
    assert titles[-1] == "Validation balanced accuracy (not available)"
