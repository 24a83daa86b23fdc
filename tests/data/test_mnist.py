import os

import pytest
import torch

from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.data_settings import DataSettings, Split

pytestmark = [
    pytest.mark.mnist,
    pytest.mark.skipif(not os.environ.get("DLSTUDIO_DATA"), reason="DLSTUDIO_DATA is not set"),
]


def test_mnist_has_the_official_train_and_test_subsets():
    settings = DataSettings("mnist", split=Split(validation=0.0))
    data = load_data(settings)
    assert data.facts == info_of(settings)
    assert data.validation is None
    assert (len(data.train), len(data.test)) == (60_000, 10_000)
    assert data.train.target[:8].tolist() == [5, 0, 4, 1, 9, 2, 1, 3]
    assert data.test.target.bincount().tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


def test_mean_and_deviation_match_the_published_values():
    data = load_data(DataSettings("mnist", split=Split(validation=0.0)))
    affine = data.normaliser.roles["samples"]
    deviation = 1 / affine.scale.item() / 255
    mean = -affine.shift.item() * deviation
    assert mean == pytest.approx(0.1307, abs=1e-4)
    assert deviation == pytest.approx(0.3081, abs=1e-4)


def test_validation_subset_is_stratified():
    data = load_data(DataSettings("mnist", split=Split(validation=0.1)))
    totals = data.train.target.bincount() + data.validation.target.bincount()
    assert len(data.validation) == 6000
    assert torch.allclose(data.validation.target.bincount() / totals, torch.tensor(0.1), atol=1e-3)
