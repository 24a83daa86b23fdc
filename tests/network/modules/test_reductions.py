"""Mean, maximum and sum by hand-worked numbers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from dlstudio.network.modules.reductions import Max, Mean, Sum

TABLE = torch.tensor([[[1.0, 2.0], [3.0, 6.0]]])


@pytest.mark.parametrize(
    ("kind", "down", "everything"),
    [(Mean, [2.0, 4.0], 3.0), (Max, [3.0, 6.0], 6.0), (Sum, [4.0, 8.0], 12.0)],
)
def test_one_axis_or_all(kind: type[nn.Module], down: list[float], everything: float) -> None:
    assert kind()(TABLE).tolist() == [down]
    assert kind(axis=-2)(TABLE).tolist() == [down]
    assert kind(axis=None)(TABLE).tolist() == [everything]
    assert kind(keepdim=True)(TABLE).tolist() == [[down]]
    assert kind(axis=None, keepdim=True)(TABLE).shape == (1, 1, 1)


@pytest.mark.parametrize("kind", [Mean, Max, Sum])
def test_a_single_number_stays_itself_and_samples_stay_apart(kind: type[nn.Module]) -> None:
    numbers = torch.tensor([1.0, 5.0])
    assert torch.equal(kind(axis=None)(numbers), numbers)
    assert torch.equal(kind(axis=None, keepdim=True)(numbers), numbers)


def test_equal_maxima_share_the_gradient() -> None:
    x = torch.tensor([[2.0, 2.0, 1.0]], requires_grad=True)
    Max()(x).sum().backward()
    assert x.grad.tolist() == [[0.5, 0.5, 0.0]]


def test_the_batch_is_no_axis_of_a_sample() -> None:
    with pytest.raises(IndexError, match="a sample with 2 axes has no axis -3"):
        Mean(-3)(TABLE)


def test_modules_print_their_arguments() -> None:
    assert str(Mean(None, keepdim=True)) == "Mean(axis=None, keepdim=True)"
