from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dlstudio.design.model.data_settings import Augmentation, DataSettings, Split
from dlstudio.gui.runs.data_baselines import DataBaselines
from dlstudio.training.metrics.linear_baseline import Baseline

LINEAR = Baseline("accuracy", "guess", 0.5, "logistic regression", 0.8, 0.05, 66, "validation")


def test_baseline_holds_for_the_same_samples_alone(tmp_path: Path) -> None:
    data = DataSettings("csv", {"path": str(tmp_path / "flats.csv"), "columns": {"id": "ignore"}})
    baselines = DataBaselines()
    baselines.add(data, LINEAR)
    relative = replace(data, options={**data.options, "path": "flats.csv"})
    assert baselines.find(data, "") is LINEAR
    assert baselines.find(relative, tmp_path) is LINEAR
    assert (
        baselines.find(replace(data, normalise="none", augmentation=Augmentation()), "") is LINEAR
    )
    assert baselines.find(relative, tmp_path / "other") is None
    assert baselines.find(replace(data, split=Split(seed=1)), "") is None
    assert baselines.find(replace(data, options={"path": data.options["path"]}), "") is None
    baselines.add(data, None)
    assert baselines.find(data, "") is None
