from __future__ import annotations

import pytest
import torch
from torch import nn
from torchvision.ops import stochastic_depth

from dlstudio.network.modules.noise import GaussianNoise, StochasticDepth


def test_stochastic_depth_equals_torchvision() -> None:
    x = torch.randn(50, 3, 2)
    torch.manual_seed(4)
    ours = StochasticDepth(0.3)(x)
    torch.manual_seed(4)
    assert torch.equal(ours, stochastic_depth(x, 0.3, "row"))


def test_whole_samples_are_dropped_and_the_mean_is_preserved() -> None:
    torch.manual_seed(0)
    result = StochasticDepth(0.25)(torch.ones(4000, 5))
    assert result.unique().tolist() == pytest.approx([0, 4 / 3])
    assert torch.equal(result[:, :1].expand(-1, 5), result)
    assert result.mean() == pytest.approx(1.0, abs=0.05)


def test_probability_of_one_drops_everything() -> None:
    assert not StochasticDepth(1.0)(torch.ones(3, 2)).any()


def test_noise_has_the_given_standard_deviation() -> None:
    torch.manual_seed(0)
    noise = GaussianNoise(0.2)(torch.ones(200, 100)) - 1
    assert noise.std() == pytest.approx(0.2, rel=0.03)
    assert noise.mean() == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("module", [StochasticDepth(0.5), GaussianNoise(0.5)], ids=str)
def test_evaluation_mode_is_the_identity_and_uses_no_random_numbers(module: nn.Module) -> None:
    x, before = torch.randn(4, 3), torch.get_rng_state()
    assert torch.equal(module.eval()(x), x)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("module", [StochasticDepth(0.5), GaussianNoise(0.5)], ids=str)
def test_integers_are_refused(module: nn.Module) -> None:
    with pytest.raises(TypeError, match=r"real numbers, not torch\.int64"):
        module(torch.ones(2, 3, dtype=torch.int64))


def test_repr_shows_the_arguments() -> None:
    texts = str(StochasticDepth(0.5)), str(GaussianNoise(0.5))
    assert texts == ("StochasticDepth(p=0.5)", "GaussianNoise(std=0.5)")
