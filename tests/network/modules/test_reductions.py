from __future__ import annotations

import pytest
import torch
from torch import nn

from dlstudio.network.modules.reductions import Max, Mean, Sum

TABLE = torch.tensor([[[1.0, 2.0], [3.0, 6.0]]])


@pytest.mark.parametrize(
    ("kind", "by_column", "total"),
    [(Mean, [2.0, 4.0], 3.0), (Max, [3.0, 6.0], 6.0), (Sum, [4.0, 8.0], 12.0)],
)
def test_reduction_of_one_axis_or_all(
    kind: type[nn.Module], by_column: list[float], total: float
) -> None:
    assert kind()(TABLE).tolist() == [by_column]
    assert kind(axis=-2)(TABLE).tolist() == [by_column]
    assert kind(axis=None)(TABLE).tolist() == [total]
    assert kind(keepdim=True)(TABLE).tolist() == [[by_column]]
    assert kind(axis=None, keepdim=True)(TABLE).shape == (1, 1, 1)


@pytest.mark.parametrize("kind", [Mean, Max, Sum])
def test_single_number_per_sample_is_unchanged(kind: type[nn.Module]) -> None:
    numbers = torch.tensor([1.0, 5.0])
    assert torch.equal(kind(axis=None)(numbers), numbers)
    assert torch.equal(kind(axis=None, keepdim=True)(numbers), numbers)


def test_equal_maxima_share_the_gradient() -> None:
    x = torch.tensor([[2.0, 2.0, 1.0]], requires_grad=True)
    Max()(x).sum().backward()
    assert x.grad.tolist() == [[0.5, 0.5, 0.0]]


def test_batch_axis_cannot_be_chosen() -> None:
    with pytest.raises(IndexError, match="a sample with 2 axes has no axis -3"):
        Mean(-3)(TABLE)


def test_repr_shows_the_arguments() -> None:
    assert str(Mean(None, keepdim=True)) == "Mean(axis=None, keepdim=True)"
