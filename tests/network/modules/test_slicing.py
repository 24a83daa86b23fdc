from __future__ import annotations

import pytest
import torch

from dlstudio.network.modules.slicing import Flip, Select, Slice, Split

TABLE = torch.arange(24).reshape(2, 3, 4)


def test_split_cuts_at_a_size_or_in_the_middle() -> None:
    first, second = Split(axis=0, size=1)(TABLE)
    assert torch.equal(first, TABLE[:, :1])
    assert torch.equal(second, TABLE[:, 1:])
    assert [part.shape for part in Split(axis=-1)(TABLE)] == [(2, 3, 2), (2, 3, 2)]


def test_halves_of_an_odd_size_are_refused() -> None:
    with pytest.raises(ValueError, match="3 has no equal halves"):
        Split(axis=0)(TABLE)


def test_slice_equals_python_slicing() -> None:
    assert torch.equal(Slice(axis=1, start=1, stop=-1)(TABLE), TABLE[:, :, 1:-1])
    assert torch.equal(Slice(axis=-2, step=2)(TABLE), TABLE[:, ::2])


def test_select_drops_the_axis() -> None:
    assert torch.equal(Select(axis=0)(TABLE), TABLE[:, -1])
    assert torch.equal(Select(axis=-1, index=0)(TABLE), TABLE[..., 0])


def test_flip_reverses_one_axis() -> None:
    row = torch.tensor([[1, 2, 3], [4, 5, 6]])
    assert Flip()(row).tolist() == [[3, 2, 1], [6, 5, 4]]
    assert torch.equal(Flip(0)(Flip(0)(TABLE)), TABLE)


@pytest.mark.parametrize("module", [Split(-3), Slice(-3), Select(2), Flip(-3)], ids=str)
def test_batch_axis_cannot_be_chosen(module: torch.nn.Module) -> None:
    with pytest.raises(IndexError, match="a sample with 2 axes has no axis"):
        module(TABLE)


def test_repr_shows_the_arguments() -> None:
    modules = (Split(size=2), Slice(stop=3), Select(), Flip())
    assert [str(module) for module in modules] == [
        "Split(axis=0, size=2)",
        "Slice(axis=0, start=0, stop=3, step=1)",
        "Select(axis=0, index=-1)",
        "Flip(axis=-1)",
    ]
