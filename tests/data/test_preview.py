import numpy as np
import pytest

from dlstudio.data.load import load_data
from dlstudio.data.preview import preview
from dlstudio.design.model.data_settings import DataSettings


def test_images_are_sampled_from_all_classes_in_turn():
    shown = preview(load_data(DataSettings("digits")), count=20)
    assert shown.images.shape == (20, 8, 8, 1)
    assert shown.images.dtype == np.uint8
    assert shown.targets == tuple("0123456789") * 2
    assert shown.rows.size == 0


def test_rows_are_raw_with_column_names():
    data = load_data(DataSettings("iris"))
    shown = preview(data, count=6)
    assert shown.rows.shape == (6, 4)
    assert shown.columns[0] == "sepal length (cm)"
    assert shown.targets[:3] == ("setosa", "versicolor", "virginica")
    assert shown.minimum[0] == pytest.approx(float(data.train.inputs["samples"][:, 0].min()))


def test_class_counts_add_up():
    shown = preview(load_data(DataSettings("wine")))
    assert sum(map(sum, shown.class_counts.values())) == 178
    assert {name: sum(counts) for name, counts in shown.class_counts.items()} == shown.samples


def test_two_features_give_points():
    shown = preview(load_data(DataSettings("moons", {"samples": 300})))
    assert shown.points.shape == (shown.samples["train"], 2)
    assert set(shown.point_classes.tolist()) == {0, 1}


def test_regression_targets_give_a_histogram():
    shown = preview(load_data(DataSettings("diabetes")))
    counts, edges = shown.histogram
    assert counts.sum() == shown.samples["train"]
    assert len(edges) == len(counts) + 1
    assert shown.class_counts == {}


def test_labels_are_named_by_their_columns(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("heat,warm,tall\n" + "\n".join(f"{at},{at % 2},{at // 20}" for at in range(40)))
    columns = {"warm": "value", "tall": "value"}
    shown = preview(load_data(DataSettings("csv", {"path": str(path), "columns": columns})))
    assert {"warm", "tall", "warm, tall", "none"} == set(shown.targets)
