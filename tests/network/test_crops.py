from __future__ import annotations

import pytest
import torch

from dlstudio.network.modules.crops import Crop2d

PICTURE = torch.arange(20).reshape(1, 1, 4, 5)


def test_each_side_loses_what_it_is_told() -> None:
    assert Crop2d((1, 0, 2, 1))(PICTURE)[0, 0].tolist() == [[7, 8], [12, 13], [17, 18]]


def test_the_centre_stays_whatever_the_sides_say() -> None:
    assert Crop2d(size=(2, 3))(PICTURE)[0, 0].tolist() == [[6, 7, 8], [11, 12, 13]]


def test_an_odd_rest_is_cut_at_the_end() -> None:
    assert Crop2d(size=(1, 2))(PICTURE)[0, 0].tolist() == [[6, 7]]


def test_neither_the_batch_nor_more_than_there_is_can_be_cut() -> None:
    with pytest.raises(ValueError, match="at least 3 axes, not 2"):
        Crop2d()(torch.zeros(4, 4))
    with pytest.raises(ValueError, match="no centre of 5×2 in 4×5"):
        Crop2d(size=(5, 2))(PICTURE)
