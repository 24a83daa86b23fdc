"""Merging and reshaping modules."""

from __future__ import annotations

import pytest
import torch

from dlstudio.network.modules.merge import Add, Concatenate, MatMul, Multiply, Stack, Subtract
from dlstudio.network.modules.shapes import Permute, Reshape


def test_add_sums_without_changing_its_inputs() -> None:
    first, second = torch.ones(2, 3), torch.full((2, 3), 2.0)
    assert torch.equal(Add()(first, second, second), torch.full((2, 3), 5.0))
    assert torch.equal(first, torch.ones(2, 3))


def test_add_refuses_unequal_channels_and_axes() -> None:
    with pytest.raises(ValueError, match="equal channels, not 2×3, 2×1"):
        Add()(torch.ones(2, 3), torch.ones(2, 1))
    with pytest.raises(ValueError, match="equal numbers of axes"):
        Add()(torch.ones(2, 2), torch.ones(2, 2, 2))


def test_multiply_broadcasts_axes_of_one() -> None:
    gate = torch.tensor([[[[0.5]], [[2.0]]]])
    result = Multiply()(torch.ones(1, 2, 3, 3), gate)
    assert torch.equal(result[0, 0], torch.full((3, 3), 0.5))
    assert torch.equal(result[0, 1], torch.full((3, 3), 2.0))


def test_multiply_refuses_unequal_numbers_of_axes() -> None:
    with pytest.raises(ValueError, match="equal numbers of axes"):
        Multiply()(torch.ones(2, 2), torch.ones(2, 2, 2))


@pytest.mark.parametrize(("axis", "shape"), [(0, (2, 6, 4)), (1, (2, 3, 8)), (-1, (2, 3, 8))])
def test_concatenate_counts_sample_axes(axis: int, shape: tuple[int, ...]) -> None:
    result = Concatenate(axis)(torch.zeros(2, 3, 4), torch.ones(2, 3, 4))
    assert result.shape == shape
    assert result.sum() == 24


@pytest.mark.parametrize(("axis", "shape"), [(0, (2, 3, 4)), (1, (2, 4, 3)), (-1, (2, 4, 3))])
def test_stack_adds_an_axis_after_the_batch(axis: int, shape: tuple[int, ...]) -> None:
    assert Stack(axis)(*(torch.ones(2, 4),) * 3).shape == shape
    with pytest.raises(IndexError, match="no axis -3"):
        Stack(-3)(torch.ones(2, 4), torch.ones(2, 4))


def test_subtract_broadcasts() -> None:
    left, right = torch.tensor([[3.0, 5.0]]), torch.tensor([[1.0]])
    assert torch.equal(Subtract()(left, right), torch.tensor([[2.0, 4.0]]))
    with pytest.raises(ValueError, match="equal numbers of axes"):
        Subtract()(torch.ones(2, 2), torch.ones(2, 2, 2))


def test_matmul_multiplies_each_sample_and_can_transpose() -> None:
    left, right = torch.randn(2, 3, 4, 5), torch.randn(2, 1, 5, 6)
    expected = torch.einsum("bhij,bhjk->bhik", left, right.expand(2, 3, 5, 6))
    torch.testing.assert_close(MatMul()(left, right), expected)
    torch.testing.assert_close(MatMul(transpose_right=True)(left, right.mT), expected)


def test_matmul_refuses_vectors() -> None:
    with pytest.raises(ValueError, match="MatMul needs matrices, not 2×2"):
        MatMul()(torch.ones(2, 2), torch.ones(2, 2))


def test_reshape_infers_the_size_given_as_minus_1() -> None:
    x = torch.arange(24).reshape(2, 12)
    assert Reshape((3, -1))(x).shape == (2, 3, 4)
    assert Reshape((12, -1))(x[:1]).shape == (1, 12, 1)
    with pytest.raises(RuntimeError, match="invalid for input of size"):
        Reshape((24,))(x)


@pytest.mark.parametrize("shape", [(0,), (-1, -1)])
def test_reshape_refuses_invalid_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not a valid shape"):
        Reshape(shape)


def test_permute_keeps_the_batch_axis_first() -> None:
    x = torch.arange(24).reshape(2, 3, 4)
    assert torch.equal(Permute((1, 0))(x), x.transpose(1, 2))
    assert torch.equal(Permute((-1, -2))(x), x.transpose(1, 2))


def test_repr_shows_the_arguments() -> None:
    modules = (Concatenate(-1), Stack(1), MatMul(), Reshape((2, -1)), Permute((1, 0)))
    assert [str(module) for module in modules] == [
        "Concatenate(axis=-1)",
        "Stack(axis=1)",
        "MatMul(transpose_right=False)",
        "Reshape(shape=(2, -1))",
        "Permute(axes=(1, 0))",
    ]
