from __future__ import annotations

import pytest
import torch

from dlstudio.network.modules.dimensions import Repeat, Squeeze, Unsqueeze


def test_squeeze_drops_axes_of_one_but_never_the_batch() -> None:
    x = torch.ones(1, 1, 3, 1)
    assert Squeeze()(x).shape == (1, 3)
    assert Squeeze(-1)(x).shape == (1, 1, 3)
    with pytest.raises(ValueError, match="does not have size 1"):
        Squeeze(1)(x)


@pytest.mark.parametrize(("axis", "shape"), [(0, (2, 1, 3)), (1, (2, 3, 1)), (-2, (2, 1, 3))])
def test_unsqueeze_counts_the_axes_of_its_result(axis: int, shape: tuple[int, ...]) -> None:
    assert Unsqueeze(axis)(torch.ones(2, 3)).shape == shape


def test_repeat_turns_a_vector_into_a_sequence() -> None:
    vectors = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    repeated = Repeat(times=3)(vectors)
    assert torch.equal(repeated, torch.stack([vectors] * 3, dim=1))
    assert torch.equal(Repeat(3, axis=-1)(vectors), torch.stack([vectors] * 3, dim=2))


def test_gradients_of_repeats_are_summed() -> None:
    vector = torch.ones(1, 2, requires_grad=True)
    Repeat(times=5)(vector).sum().backward()
    assert torch.equal(vector.grad, torch.full((1, 2), 5.0))


def test_batch_axis_cannot_be_chosen() -> None:
    with pytest.raises(IndexError, match="a sample with 2 axes has no axis -3"):
        Unsqueeze(-3)(torch.ones(2, 3))


def test_repr_shows_the_arguments() -> None:
    texts = [str(module) for module in (Squeeze(), Unsqueeze(1), Repeat(4))]
    assert texts == ["Squeeze(axis=None)", "Unsqueeze(axis=1)", "Repeat(times=4, axis=0)"]
