from __future__ import annotations

import pytest
import torch

from dlstudio.network.modules.global_pooling import GlobalAvgPool, GlobalMaxPool


@pytest.mark.parametrize("sizes", [(8,), (2, 4), (2, 2, 2)])
def test_global_pooling_returns_one_number_per_channel(sizes: tuple[int, ...]) -> None:
    x = torch.arange(16.0).reshape(1, 2, *sizes)
    assert GlobalAvgPool()(x).tolist() == [[3.5, 11.5]]
    assert GlobalMaxPool()(x).tolist() == [[7.0, 15.0]]
