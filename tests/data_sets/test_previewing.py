import numpy as np
import pytest

from dlstudio.data.load import load_data
from dlstudio.data.preview import preview
from dlstudio.design.data_settings import DataSettings


def test_pictures_come_with_their_classes_in_turn():
    shown = preview(load_data(DataSettings("digits")), count=20)
    assert shown.pictures.shape == (20, 8, 8, 1)
    assert shown.pictures.dtype == np.uint8
    assert shown.targets == tuple("0123456789") * 2
    assert shown.rows.size == 0


def test_rows_come_raw_with_column_names():
    data = load_data(DataSettings("iris"))
    shown = preview(data, count=6)
    assert shown.rows.shape == (6, 4)
    assert shown.columns[0] == "sepal length (cm)"
    assert shown.targets[:3] == ("setosa", "versicolor", "virginica")
    assert shown.minimum[0] == pytest.approx(float(data.train.inputs["samples"][:, 0].min()))


def test_balance_and_sizes_add_up():
    shown = preview(load_data(DataSettings("wine")))
    assert sum(map(sum, shown.balance.values())) == 178
    assert {name: sum(counts) for name, counts in shown.balance.items()} == shown.samples


def test_points_of_a_plane_can_be_drawn():
    shown = preview(load_data(DataSettings("moons", {"samples": 300})))
    assert shown.points.shape == (shown.samples["train"], 2)
    assert set(shown.point_classes.tolist()) == {0, 1}


def test_values_to_predict_come_as_a_histogram():
    shown = preview(load_data(DataSettings("diabetes")))
    counts, edges = shown.histogram
    assert counts.sum() == shown.samples["train"]
    assert len(edges) == len(counts) + 1
    assert shown.balance == {}


def test_labels_come_by_the_names_of_their_columns(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("heat,warm,tall\n" + "\n".join(f"{at},{at % 2},{at // 20}" for at in range(40)))
    columns = {"warm": "value", "tall": "value"}
    shown = preview(load_data(DataSettings("csv", {"path": str(path), "columns": columns})))
    assert {"warm", "tall", "warm, tall", "none"} == set(shown.targets)
