"""What the arrays of an NPZ file mean: classes, values, labels, tokens, subsets."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.errors import DataError
from dlstudio.data.load import load_data
from dlstudio.data.preview import preview
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.signals import Signal

X = np.random.default_rng(0).random((60, 4))
CLASSES = np.arange(60) % 3
ONE_HOT = np.eye(3)[CLASSES]
TAGS = np.array([[1, 1, 0], [0, 0, 0], [0, 1, 1]] * 20)


def settings(tmp_path, **options):
    path = {"path": str(tmp_path / "a.npz")}
    return DataSettings("npz", {**path, **options}, Split(0.0, 0.0), normalise="none")


def load(tmp_path, arrays, **options):
    np.savez(tmp_path / "a.npz", **arrays)
    return load_data(settings(tmp_path, **options))


@pytest.mark.parametrize(
    ("y", "meaning", "expected"),
    [
        (ONE_HOT.astype(np.int64), "auto", "class"),
        (ONE_HOT.astype(np.float32), "auto", "class"),
        (ONE_HOT.astype(bool), "auto", "class"),
        (ONE_HOT, "labels", "labels"),
        (ONE_HOT, "value", "value"),
        (TAGS, "auto", "labels"),
        (TAGS.astype(bool), "auto", "labels"),
        (TAGS, "value", "value"),
        (CLASSES.astype(np.float64), "auto", "class"),
        (CLASSES.astype(np.float16)[:, None] + 1, "auto", "class"),
        (np.where(CLASSES > 0, 1.0, -1.0), "auto", "class"),
        (CLASSES.astype(np.float64), "value", "value"),
        (CLASSES, "value", "value"),
        (CLASSES * 2.5, "auto", "value"),
        (CLASSES * 2.5, "class", "class"),
        (CLASSES * 2.0, "auto", "value"),
        (np.arange(60.0), "auto", "value"),
        (np.arange(60), "auto", "class"),
        (np.array([b"ant", b"bee"] * 30), "auto", "class"),
    ],
)
def test_meaning_of_the_target(tmp_path, y, meaning, expected):
    data = load(tmp_path, {"x": X, "y": y}, meaning=meaning)
    assert data.facts.target.meaning == expected
    assert data.train.target.dtype == (torch.int64 if expected == "class" else torch.float32)
    if expected == "class" and np.ndim(y) == 2 and y.shape[1] == 3:
        assert data.train.target.tolist() == CLASSES.tolist()
        assert data.facts.class_names == ("0", "1", "2")


def test_guesses_that_are_not_obvious_are_explained(tmp_path):
    assert (
        "y is one-hot: it is read as 3 classes."
        in load(tmp_path, {"x": X, "y": ONE_HOT}).warnings[0]
    )
    floats = load(tmp_path, {"x": X, "y": CLASSES.astype(float)})
    assert "the whole numbers 0, 1, 2: they are read as 3 classes" in floats.warnings[0]
    assert floats.facts.class_names == ("0", "1", "2")
    assert load(tmp_path, {"x": X, "y": CLASSES}).warnings == ()
    halves = load(tmp_path, {"x": X, "y": CLASSES / 2}, meaning="class")
    assert halves.facts.class_names == ("0", "0.5", "1")


@pytest.mark.parametrize(("y", "before"), [(CLASSES.astype(float), "value"), (ONE_HOT, "labels")])
def test_a_design_keeps_the_meaning_that_it_was_read_with(tmp_path, y, before):
    known = load(tmp_path, {"x": X, "y": y}, meaning=before).facts
    again = load_data(replace(settings(tmp_path), facts=known))
    assert again.facts == known
    assert again.warnings == ()


@pytest.mark.parametrize(
    ("y", "meaning", "message"),
    [
        (TAGS, "class", "as classes: it has several columns and is not one-hot"),
        (CLASSES, "labels", "as labels: labels are columns of 0 and 1"),
        (np.array(["a"] * 60), "value", "as values: it contains text"),
        (np.array(["2024-01-01"] * 60, "M8[D]"), "auto", "cannot be predicted"),
    ],
)
def test_impossible_meanings_are_refused(tmp_path, y, meaning, message):
    with pytest.raises(DataError, match=message):
        load(tmp_path, {"x": X, "y": y}, meaning=meaning)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, ">i4", np.uint64, np.float32, bool])
def test_whole_numbers_can_be_tokens(tmp_path, dtype):
    words = (np.arange(240).reshape(60, 4) % 7).astype(dtype)
    data = load(tmp_path, {"x": words, "y": CLASSES}, numbers="tokens")
    assert data.facts.inputs == {"tokens": Signal((4,), "int64", "tokens")}
    size = int(words.astype(int).max()) + 1
    assert data.facts.numbers == {"vocabulary": size, "window": 4, "classes": 3}
    assert data.train.inputs["tokens"].dtype == torch.int64
    assert torch.nn.Embedding(size, 2)(data.train.inputs["tokens"]).shape == (60, 4, 2)
    assert preview(data).texts[0] == " ".join(map(str, words[0].astype(int)))


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (X, "numbers that are not whole"),
        (np.array([[1.0, np.nan]] * 60), "numbers that are not whole"),
        (np.full((60, 2), -1), "tokens count from 0, and it contains -1"),
        (np.full((60, 2), 10**9), "beyond the largest vocabulary of 1,000,000"),
        (np.zeros((60, 2, 2), int), "a sample has 2 axes"),
    ],
)
def test_other_numbers_are_refused_as_tokens(tmp_path, x, message):
    with pytest.raises(DataError, match=message):
        load(tmp_path, {"x": x, "y": CLASSES}, numbers="tokens")


@pytest.mark.parametrize("word", ["val", "valid", "validation", "dev"])
def test_validation_arrays_are_the_validation_subset(tmp_path, word):
    arrays = {"x_train": X[:40], "y_train": CLASSES[:40], "x_test": X[50:], "y_test": CLASSES[50:]}
    arrays |= {f"x_{word}": X[40:50], f"y_{word}": CLASSES[40:50]}
    data = load(tmp_path, arrays)
    assert data.facts.samples == {"train": 40, "validation": 10, "test": 10}
    assert data.left_out == ()


def test_unused_arrays_and_samples_are_left_out(tmp_path):
    x = X.copy()
    x[3, 2], x[5, 1] = np.nan, np.inf
    extra = {"note": np.array(7), "objects": np.array([{}], dtype=object)}
    data = load(tmp_path, {"x": x, "y": CLASSES, **extra})
    assert len(data.train) == 58
    assert data.left_out == (
        LeftOut("sample", "index 3 and 1 more of x", "NaN or infinite values", 2),
        LeftOut("array", "note", "not used"),
        LeftOut("array", "objects", "not used"),
    )
    with pytest.raises(DataError, match="1 samples do not match a target array of shape"):
        load(tmp_path, {"x": np.array(7), "y": CLASSES})


def test_a_class_of_one_sample_is_reported(tmp_path):
    y = CLASSES.copy()
    y[-1] = 9
    line = "Class 9 has only one sample, which cannot be both learned and evaluated."
    assert load(tmp_path, {"x": X, "y": y}).warnings == (line,)


DTYPES = ("f2", "f4", "f8", ">f8", "i1", ">i2", "i8", "u1", "u2", "u8", "?", "c8", "U3", "S2", "O",
          "M8[s]", "m8[s]", "V4", "g")  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(150))
def test_random_arrays_are_read_or_refused(tmp_path, seed):
    rng = random.Random(seed)
    count = rng.choice((1, 5, 30))
    arrays = {}
    for name in ("x", "y", *rng.sample(("x_val", "y_val", "x_test", "y_test", "z"), 3)):
        shape = (count, *rng.choices((1, 2, 5), k=rng.randint(0, 3)))
        shape = rng.choice((shape, shape[:1], shape[:2], ()))
        values = np.random.default_rng(seed).integers(0, rng.choice((2, 5, 300)), shape)
        arrays[name] = values.astype(rng.choice(DTYPES[:-8]) if rng.random() < 0.8 else "f4")
        if rng.random() < 0.2:
            arrays[name] = np.zeros(shape, rng.choice(DTYPES))
    options = {
        "meaning": rng.choice(("auto", "class", "value", "labels")),
        "numbers": rng.choice(("numbers", "tokens")),
    }
    with contextlib.suppress(DataError):
        data = load(tmp_path, arrays, **options)
        unused = sum(item.count for item in data.left_out if item.what == "sample")
        stored = sum(len(arrays[name]) for name in arrays if name.startswith("x") and not any(
            item.where == name for item in data.left_out))  # fmt: skip
        assert sum(data.facts.samples.values()) + unused == stored
        preview(data)


@pytest.mark.parametrize("seed", range(80))
def test_damaged_files_are_read_or_refused(tmp_path, seed):
    rng = random.Random(seed)
    path = tmp_path / "a.npz"
    np.savez(path, x=X, y=CLASSES)
    content = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 6)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    path.write_bytes(content[: rng.choice((len(content), rng.randrange(len(content))))])
    with contextlib.suppress(DataError):
        load_data(settings(tmp_path))
