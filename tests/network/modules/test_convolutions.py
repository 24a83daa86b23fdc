from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from dlstudio.network.modules.convolutions import SeparableConv2d


def test_separable_convolution_filters_each_channel_then_mixes() -> None:
    layer = SeparableConv2d(2, 1, (1, 2), bias=False)
    with torch.no_grad():
        layer.depthwise.weight.copy_(torch.tensor([[1.0, 1.0], [1.0, -1.0]]).view(2, 1, 1, 2))
        layer.pointwise.weight.copy_(torch.tensor([10.0, 1.0]).view(1, 2, 1, 1))
    x = torch.tensor([[1.0, 2.0, 3.0], [7.0, 4.0, 2.0]]).view(1, 2, 1, 3)
    assert layer(x).flatten().tolist() == [33.0, 52.0]


@pytest.mark.parametrize("multiplier", [1, 3])
def test_separable_convolution_equals_one_with_the_product_of_its_weights(multiplier: int) -> None:
    layer = SeparableConv2d(
        4, 5, (3, 2), stride=(2, 1), padding=(1, 1), channel_multiplier=multiplier
    )
    depthwise = layer.depthwise.weight.view(4, multiplier, 3, 2)
    pointwise = layer.pointwise.weight.view(5, 4, multiplier)
    weight = torch.einsum("ocm,cmhw->ochw", pointwise, depthwise)
    x = torch.randn(2, 4, 7, 6)
    expected = F.conv2d(x, weight, layer.pointwise.bias, stride=(2, 1), padding=(1, 1))
    torch.testing.assert_close(layer(x), expected)
