"""Images read row by row as sequences."""

import numpy as np
import torch
from PIL import Image

from dlstudio.data.core.batches import Batches
from dlstudio.data.load import load_data
from dlstudio.data.preview import preview
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.data_settings import Augmentation, DataSettings

ROWS = DataSettings("digits", {"rows": True})


def test_declared_info_matches_the_loaded_dataset():
    data = load_data(ROWS)
    assert data.facts == info_of(ROWS)
    signal = data.facts.inputs["samples"]
    assert (signal.shape, signal.meaning) == ((8, 8), "sequence")
    assert data.facts.numbers == {"features": 8, "window": 8, "classes": 10}


def test_rows_equal_the_image_rows_with_the_same_scaling():
    images, rows = load_data(DataSettings("digits")), load_data(ROWS)
    plain, steps = (
        data.normaliser.apply("samples", data.train.inputs["samples"]) for data in (images, rows)
    )
    assert torch.equal(steps, plain[:, 0])
    assert torch.equal(rows.train.target, images.train.target)
    batch = Batches(rows.train, 32, normaliser=rows.normaliser).batch(None, 0)
    assert torch.equal(batch.inputs["samples"], steps[:32])


def test_channels_of_a_row_are_concatenated(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for index in range(6):
            array = rng.integers(0, 256, (4, 5, 3), np.uint8)
            Image.fromarray(array).save(tmp_path / name / f"{index}.png")
    options = {"path": str(tmp_path), "size": (4, 5)}
    images = load_data(DataSettings("image-folder", options))
    rows = load_data(DataSettings("image-folder", {**options, "rows": True}))
    plain, steps = (
        data.normaliser.apply("samples", data.train.inputs["samples"]) for data in (images, rows)
    )
    assert steps.shape[1:] == rows.facts.inputs["samples"].shape == (4, 15)
    assert torch.equal(steps[:, 2], plain[:, :, 2].flatten(1))


def test_augmentation_is_ignored_with_a_warning():
    data = load_data(DataSettings("digits", {"rows": True}, augmentation=Augmentation(flip=True)))
    assert "not augmented" in data.warnings[0]


def test_preview_has_targets():
    assert len(preview(load_data(ROWS)).targets) == 24
