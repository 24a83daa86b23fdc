"""Constant and learned values, one-hot vectors, scaling and reparameterisation."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from dlstudio.layers.framework.kind import Call
from dlstudio.network.compile.initialise import build_initialised
from dlstudio.network.modules.values import (
    Constant,
    L2Normalise,
    OneHot,
    Reparameterise,
    Scale,
    Shift,
)

MODULE_PREFIX = "dlstudio.network.modules.values."


def test_one_hot_equals_torch_as_floats() -> None:
    classes = torch.randint(0, 7, (4, 5))
    expected = functional.one_hot(classes, 7).float()
    assert torch.equal(OneHot(7)(classes), expected)
    assert torch.equal(OneHot(7)(classes.to(torch.uint8)), expected)


def test_one_hot_of_an_unknown_class_is_zeros_and_floats_are_refused() -> None:
    assert OneHot(2)(torch.tensor([1, 2, -1])).tolist() == [[0, 1], [0, 0], [0, 0]]
    with pytest.raises(TypeError, match="needs integers"):
        OneHot(2)(torch.ones(3))


def test_l2_normalise_scales_to_unit_norm() -> None:
    assert torch.allclose(L2Normalise()(torch.tensor([[3.0, 4.0]])), torch.tensor([[0.6, 0.8]]))
    channels = L2Normalise(axis=0)(torch.randn(2, 5, 3, 3)).norm(dim=1)
    assert torch.allclose(channels, torch.ones(2, 3, 3))


def test_scale_has_one_factor_per_index_of_its_axis() -> None:
    channels = Scale(3, axis=0, initial=0.5)
    assert torch.equal(channels(torch.ones(2, 3, 4, 4)), torch.full((2, 3, 4, 4), 0.5))
    with torch.no_grad():
        channels.weight.copy_(torch.tensor([1.0, 2.0, 3.0]))
    assert channels(torch.ones(1, 3, 2, 2))[0, :, 0, 0].tolist() == [1, 2, 3]
    assert Scale(1, axis=None, initial=-1.0)(torch.ones(2)).tolist() == [-1, -1]


def test_constant_uses_only_the_batch_size_of_its_input() -> None:
    constant = Constant((2, 3), initial=1.5)
    like = torch.full((4, 9), torch.nan, requires_grad=True)
    result = constant(like)
    assert torch.equal(result, torch.full((4, 2, 3), 1.5))
    result.sum().backward()
    assert like.grad is None
    assert torch.equal(constant.value.grad, torch.full((1, 2, 3), 4.0))


def test_fixed_constant_has_no_parameters_but_is_saved() -> None:
    fixed = Constant((2,), initial=3.0, learned=False)
    assert list(fixed.parameters()) == []
    assert fixed.state_dict()["value"].tolist() == [[3, 3]]
    with pytest.raises(ValueError, match="at least one size"):
        Constant(())


def test_shift_prepends_the_start_and_drops_the_last_step() -> None:
    tokens = torch.tensor([[4, 5, 6]])
    assert Shift((), learned=False)(tokens).tolist() == [[0, 4, 5]]
    learned = Shift((2,))
    with torch.no_grad():
        learned.start.fill_(7.0)
    steps = learned(torch.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    assert steps.tolist() == [[[7, 7], [1, 2]]]


def test_learned_start_before_integers_is_refused() -> None:
    with pytest.raises(TypeError, match="needs real numbers"):
        Shift(())(torch.tensor([[4, 5, 6]]))


def test_reparameterise_samples_only_while_training() -> None:
    torch.manual_seed(1)
    layer, mean = Reparameterise(), torch.full((1, 100_000), 2.0)
    log_variance = torch.full_like(mean, 2.0).requires_grad_()
    samples = layer(mean, log_variance)
    assert samples.mean().item() == pytest.approx(2, abs=0.05)
    assert samples.var().item() == pytest.approx(torch.e**2, rel=0.05)
    samples.square().mean().backward()
    assert log_variance.grad.sum().item() == pytest.approx(torch.e**2, rel=0.1)
    assert layer.eval()(mean, log_variance) is mean
    with pytest.raises(ValueError, match="differ"):
        layer(mean, mean[:, :1])


@pytest.mark.parametrize(
    "call",
    [
        Call(f"{MODULE_PREFIX}Scale", {"num_features": 900}),
        Call(f"{MODULE_PREFIX}Constant", {"shape": (900,)}),
        Call(f"{MODULE_PREFIX}Shift", {"step_shape": (900,)}),
    ],
    ids=lambda call: call.target,
)
def test_initialisation_of_learned_values(call: Call) -> None:
    def spread(name: str) -> float:
        (parameter,) = build_initialised(call, name, seed=4).parameters()
        return parameter.square().mean().sqrt().item()

    assert spread("normal") == pytest.approx(0.02, rel=0.1)
    assert spread("zero") == 0
    assert spread("default") in (0, 1)


def test_repr_shows_the_arguments() -> None:
    modules = (OneHot(3), L2Normalise(0), Scale(4), Constant((2, 3)), Shift((2,)))
    assert [str(module) for module in modules] == [
        "OneHot(num_classes=3)",
        "L2Normalise(axis=0, eps=1e-12)",
        "Scale(4, axis=-1)",
        "Constant(shape=(2, 3), learned=True)",
        "Shift(learned=True)",
    ]
