"""Our own modules by hand-worked numbers."""

from __future__ import annotations

import pytest
import torch

from dlstudio.network.modules.joins import Add, Concatenate, Multiply
from dlstudio.network.modules.shapes import Permute, Reshape


def test_add_sums_and_keeps_its_inputs() -> None:
    first, second = torch.ones(2, 3), torch.full((2, 3), 2.0)
    assert torch.equal(Add()(first, second, second), torch.full((2, 3), 5.0))
    assert torch.equal(first, torch.ones(2, 3))


def test_add_refuses_other_channels_and_other_axes() -> None:
    with pytest.raises(ValueError, match="equal channels, not 2×3, 2×1"):
        Add()(torch.ones(2, 3), torch.ones(2, 1))
    with pytest.raises(ValueError, match="equally many axes"):
        Add()(torch.ones(2, 2), torch.ones(2, 2, 2))


def test_multiply_stretches_axes_of_one() -> None:
    gate = torch.tensor([[[[0.5]], [[2.0]]]])
    result = Multiply()(torch.ones(1, 2, 3, 3), gate)
    assert torch.equal(result[0, 0], torch.full((3, 3), 0.5))
    assert torch.equal(result[0, 1], torch.full((3, 3), 2.0))


def test_multiply_refuses_other_axes() -> None:
    with pytest.raises(ValueError, match="equally many axes"):
        Multiply()(torch.ones(2, 2), torch.ones(2, 2, 2))


@pytest.mark.parametrize(("axis", "shape"), [(0, (2, 6, 4)), (1, (2, 3, 8)), (-1, (2, 3, 8))])
def test_concatenate_counts_sample_axes(axis: int, shape: tuple[int, ...]) -> None:
    parts = torch.zeros(2, 3, 4), torch.ones(2, 3, 4)
    joined = Concatenate(axis)(*parts)
    assert joined.shape == shape
    assert joined.sum() == 24


def test_reshape_works_out_the_open_size_from_one_sample() -> None:
    x = torch.arange(24).reshape(2, 12)
    assert Reshape((3, -1))(x).shape == (2, 3, 4)
    assert Reshape((12, -1))(x[:1]).shape == (1, 12, 1)
    with pytest.raises(RuntimeError, match="invalid for input of size"):
        Reshape((24,))(x)


@pytest.mark.parametrize("shape", [(0,), (-1, -1)])
def test_reshape_refuses_what_is_no_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no shape"):
        Reshape(shape)


def test_permute_leaves_the_batch_in_front() -> None:
    x = torch.arange(24).reshape(2, 3, 4)
    assert torch.equal(Permute((1, 0))(x), x.transpose(1, 2))
    assert torch.equal(Permute((-1, -2))(x), x.transpose(1, 2))


def test_modules_print_their_arguments() -> None:
    printed = [str(each) for each in (Concatenate(-1), Reshape((2, -1)), Permute((1, 0)))]
    assert printed == ["Concatenate(axis=-1)", "Reshape(shape=(2, -1))", "Permute(axes=(1, 0))"]
