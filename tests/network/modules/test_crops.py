from __future__ import annotations

import pytest
import torch

from dlstudio.network.modules.crops import Crop2d

IMAGE = torch.arange(20).reshape(1, 1, 4, 5)


def test_each_side_is_cropped_by_its_size() -> None:
    assert Crop2d((1, 0, 2, 1))(IMAGE)[0, 0].tolist() == [[7, 8], [12, 13], [17, 18]]


def test_size_overrides_the_cropping() -> None:
    assert Crop2d(size=(2, 3))(IMAGE)[0, 0].tolist() == [[6, 7, 8], [11, 12, 13]]


def test_odd_remainder_is_cropped_at_the_end() -> None:
    assert Crop2d(size=(1, 2))(IMAGE)[0, 0].tolist() == [[6, 7]]


def test_invalid_crops_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 3 axes, not 2"):
        Crop2d()(torch.zeros(4, 4))
    with pytest.raises(ValueError, match="no centre of 5×2 in 4×5"):
        Crop2d(size=(5, 2))(IMAGE)
