import numpy as np
import pytest
import torch

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings, Split

RNG = np.random.default_rng(0)


def load(path, split=None, **options):
    settings = DataSettings(
        "npz", {"path": str(path), **options}, split=split or Split(0.0, 0.0), normalise="none"
    )
    return load_data(settings)


@pytest.fixture
def save_arrays(tmp_path):
    def save(**arrays):
        np.savez(tmp_path / "arrays.npz", **arrays)
        return tmp_path / "arrays.npz"

    return save


def test_two_dimensional_array_is_read_as_rows_with_classes(save_arrays):
    x = RNG.normal(size=(30, 4))
    data = load(save_arrays(x=x, y=np.arange(30) % 3))
    assert torch.equal(data.train.inputs["samples"], torch.from_numpy(x.astype(np.float32)))
    assert data.facts.class_names == ("0", "1", "2")
    assert data.train.target.dtype == torch.int64


def test_float_targets_are_a_regression(save_arrays):
    data = load(save_arrays(x=np.ones((5, 2)), y=np.linspace(0, 1, 5)))
    assert data.facts.class_names == ()
    assert data.train.target.dtype == torch.float32
    assert load(save_arrays(x=np.ones((5, 2)), y=np.ones((5, 3)))).facts.target.shape == (3,)


def test_classes_may_be_text_or_any_integers(save_arrays):
    text_classes = load(save_arrays(x=np.ones((3, 2)), y=np.array(["cat", "dog", "cat"])))
    assert text_classes.facts.class_names == ("cat", "dog")
    assert text_classes.train.target.tolist() == [0, 1, 0]
    number_classes = load(save_arrays(x=np.ones((3, 2)), y=np.array([[10], [2], [10]])))
    assert number_classes.facts.class_names == ("2", "10")
    assert number_classes.train.target.tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((6, 9, 9), (1, 9, 9)), ((6, 9, 9, 3), (3, 9, 9)), ((6, 3, 9, 9), (3, 9, 9))],
)
def test_uint8_arrays_are_images_with_channels_first(shape, expected, save_arrays):
    data = load(save_arrays(x=np.full(shape, 7, np.uint8), y=np.arange(6) % 2))
    assert data.facts.inputs["samples"].shape == expected
    assert data.facts.inputs["samples"].meaning == "picture"
    assert data.train.inputs["samples"].dtype == torch.uint8


def test_provided_test_arrays_are_used(save_arrays):
    path = save_arrays(
        x_train=np.zeros((10, 8, 8), np.uint8),
        y_train=np.arange(10) % 2,
        x_test=np.zeros((4, 8, 8), np.uint8),
        y_test=np.arange(4) % 2,
    )
    data = load(path, split=Split(0.2, 0.5))
    assert data.facts.samples == {"train": 8, "validation": 2, "test": 4}


def test_arrays_can_be_named(save_arrays):
    path = save_arrays(a=np.ones((4, 2)), b=np.array([0, 1, 0, 1]))
    with pytest.raises(DataError, match=r"contains a \(4, 2\), b \(4,\)\. Name the array"):
        load(path)
    assert len(load(path, inputs="a", target="b").train) == 4
    with pytest.raises(DataError, match="no array 'c'"):
        load(path, inputs="c")


def test_missing_target_is_allowed(save_arrays):
    data = load(save_arrays(x=np.ones((4, 2))))
    assert data.train.target is None
    assert data.facts.target is None


def test_non_finite_samples_are_skipped_and_counted(save_arrays):
    x = np.ones((5, 2))
    x[3, 1] = np.nan
    data = load(save_arrays(x=x, y=np.array([1.0, 2.0, np.inf, 4.0, 5.0])))
    assert data.train.target.tolist() == [1, 2, 5]
    assert data.left_out == (
        LeftOut("sample", "index 2 and 1 more of x", "NaN or infinite values", 2),
    )


def test_numbers_beyond_float32_are_skipped_and_counted(save_arrays):
    data = load(save_arrays(x=np.array([[1.0], [1e300], [3.0]]), y=np.array([1.0, 2.0, 1e200])))
    assert data.train.inputs["samples"].tolist() == [[1.0]]
    assert [(item.what, item.count) for item in data.left_out] == [("sample", 2)]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": np.ones((4, 2)), "y": np.arange(3)}, "do not match"),
        ({"x": np.ones((0, 2)), "y": np.arange(0)}, "empty"),
        ({"x": np.ones((4, 0)), "y": np.arange(4)}, "samples have no features"),
        ({"x": np.array(["a", "b"])}, "must be numbers"),
        ({"x": np.ones((2, 2)), "y": np.array([1j, 2j])}, "cannot be predicted"),
        ({"x": np.full((2, 2), np.nan)}, "every sample"),
        (
            {
                "x_train": np.ones((2, 2)), "y_train": np.arange(2),
                "x_test": np.ones((2, 3)), "y_test": np.arange(2),
            },
            "differ in shape",
        ),
    ],
)  # fmt: skip
def test_unusable_arrays_are_rejected(arrays, message, save_arrays):
    with pytest.raises(DataError, match=message):
        load(save_arrays(**arrays))


def test_pickled_objects_are_rejected(tmp_path):
    path = tmp_path / "objects.npz"
    np.savez(path, x=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError, match="array x holds Python objects, which could run") as caught:
        load(path)
    assert "\n" not in str(caught.value)
    assert "allow_pickle" not in str(caught.value), "the message must not suggest unsafe loading"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"\x93NUMPY\x01\x00", b"text"])
def test_other_files_are_rejected(content, tmp_path):
    path = tmp_path / "file.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as NumPy arrays"):
        load(path)
    np.save(tmp_path / "single.npy", np.ones(3))
    with pytest.raises(DataError, match="a single array"):
        load(tmp_path / "single.npy")
