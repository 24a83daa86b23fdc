import numpy as np
import pytest

from dlstudio.data.load import load_data
from dlstudio.data.preview import preview
from dlstudio.design.model.data_settings import DataSettings


def test_images_are_sampled_from_all_classes_in_turn():
    result = preview(load_data(DataSettings("digits")), count=20)
    assert result.images.shape == (20, 8, 8, 1)
    assert result.images.dtype == np.uint8
    assert result.targets == tuple("0123456789") * 2
    assert result.rows.size == 0


def test_rows_are_raw_with_column_names():
    data = load_data(DataSettings("iris"))
    result = preview(data, count=6)
    assert result.rows.shape == (6, 4)
    assert result.columns[0] == "sepal length (cm)"
    assert result.targets[:3] == ("setosa", "versicolor", "virginica")
    assert result.minimum[0] == pytest.approx(float(data.train.inputs["samples"][:, 0].min()))


def test_class_counts_add_up():
    result = preview(load_data(DataSettings("wine")))
    assert sum(map(sum, result.class_counts.values())) == 178
    assert {name: sum(counts) for name, counts in result.class_counts.items()} == result.samples


def test_two_features_give_points():
    result = preview(load_data(DataSettings("moons", {"samples": 300})))
    assert result.points.shape == (result.samples["train"], 2)
    assert set(result.point_classes.tolist()) == {0, 1}


def test_regression_targets_give_a_histogram():
    result = preview(load_data(DataSettings("diabetes")))
    counts, edges = result.histogram
    assert counts.sum() == result.samples["train"]
    assert len(edges) == len(counts) + 1
    assert result.class_counts == {}


def test_labels_are_named_by_their_columns(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("heat,warm,tall\n" + "\n".join(f"{n},{n % 2},{n // 20}" for n in range(40)))
    columns = {"warm": "value", "tall": "value"}
    result = preview(load_data(DataSettings("csv", {"path": str(path), "columns": columns})))
    assert {"warm", "tall", "warm, tall", "none"} == set(result.targets)
