from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.network.modules.activations import Step, SwiGLU


@pytest.mark.parametrize(("axis", "shape"), [(-1, (2, 6, 2)), (0, (2, 3, 4)), (-2, (2, 3, 4))])
def test_swiglu_halves_an_axis_of_the_sample(axis: int, shape: tuple[int, ...]) -> None:
    assert SwiGLU(axis)(torch.ones(2, 6, 4)).shape == shape


def test_swiglu_multiplies_the_second_half_by_the_silu_of_the_first() -> None:
    x = torch.tensor([[2.0, -1.0, 3.0, 5.0]])
    expected = functional.silu(x[:, :2]) * x[:, 2:]
    assert torch.equal(SwiGLU()(x), expected)


@pytest.mark.parametrize("axis", [0, -2])
def test_swiglu_refuses_an_odd_axis_and_the_batch(axis: int) -> None:
    with pytest.raises(ValueError, match="has no two halves"):
        SwiGLU(axis)(torch.ones(2, 3))


def step_and_gradient(gradient: str) -> tuple[Tensor, Tensor]:
    x = torch.tensor([[-1.0, 0.4, 0.5, 2.0]], requires_grad=True)
    y = Step(0.5, gradient)(x)
    (y * torch.tensor([1.0, 2.0, 3.0, 4.0])).sum().backward()
    assert x.grad is not None
    return y.detach(), x.grad


def test_step_is_1_from_its_threshold_and_passes_no_gradient() -> None:
    y, gradient = step_and_gradient("zero")
    assert y.tolist() == [[0, 0, 1, 1]]
    assert not gradient.any()


def test_straight_through_passes_the_gradient_unchanged() -> None:
    y, gradient = step_and_gradient("straight-through")
    assert y.tolist() == [[0, 0, 1, 1]]
    assert gradient.tolist() == [[1, 2, 3, 4]]


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int64])
def test_step_of_integers_is_float32(dtype: torch.dtype) -> None:
    y = Step(1.0)(torch.tensor([[0, 1]]).to(dtype))
    assert y.dtype == torch.float32
    assert y.tolist() == [[0, 1]]


def test_repr_shows_the_arguments() -> None:
    printed = str(SwiGLU(0)), str(Step(1.0))
    assert printed == ("SwiGLU(axis=0)", "Step(threshold=1.0, gradient='zero')")
