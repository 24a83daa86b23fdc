"""The rows of class weights in the training form."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.gui.training.class_weight_rows import class_weight_rows
from dlstudio.gui.training.training_form_rows import with_task
from dlstudio.layers.framework.settings import NumberTable

FACTS = DatasetInfo(
    target=Signal((), "int64", "class"), class_names=("A", "B"), class_counts=(90, 10)
)
LABELS = DatasetInfo(target=Signal((2,), "float32", "labels"), label_names=("warm", "tall"))


def test_custom_begins_with_balanced_weights() -> None:
    (choice,) = class_weight_rows(TrainingSettings(), FACTS)
    custom = choice.write(TrainingSettings(), "custom")
    assert custom.class_weight_values == {"A": 0.556, "B": 5.0}
    _, table = class_weight_rows(custom, FACTS)
    assert isinstance(table.setting, NumberTable)
    assert table.setting.names == ("A", "B")
    assert table.read(custom) == (0.556, 5.0)
    changed = table.write(custom, (2.0, None))
    assert changed.class_weight_values == {"A": 2.0}
    assert table.read(changed) == (2.0, None)
    assert choice.write(changed, "none") == TrainingSettings()
    assert choice.write(changed, "custom") is changed


def test_labels_have_their_own_words() -> None:
    training = TrainingSettings(task="multi-label", loss="binary", class_weights="custom")
    choice, table = class_weight_rows(training, LABELS)
    assert choice.setting.title == "Label weights"
    assert choice.titles["custom"] == "By hand"
    assert isinstance(table.setting, NumberTable)
    assert table.setting.names == ("warm", "tall")


def test_another_task_drops_the_weights() -> None:
    training = replace(TrainingSettings(), class_weights="custom", class_weight_values={"A": 1.0})
    assert with_task(training, "reconstruction").class_weight_values == {}
