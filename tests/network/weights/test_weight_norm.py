"""Weights with a weight norm are seeded, counted, saved, frozen and shared like any other."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations

from dlstudio.design.edits import set_weights_from
from dlstudio.design.model.model import Project
from dlstudio.design.model.report import Report
from dlstudio.layers.framework.kind import Call
from dlstudio.network.build.build import WEIGHT_NORMS, build
from dlstudio.network.check.inference import Checker
from dlstudio.network.check.meta import MetaInput, MetaRunner
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.compile.initialise import build_initialised
from dlstudio.network.weights.weights import load_weights, save_weights
from tests.network.design_builders import IMAGES, chain

SIZES = {"in_channels": 4, "out_channels": 6, "kernel_size": (3, 3)}
LINEAR = ("torch.nn.Linear", {"in_features": 12, "out_features": 5})
CONV = ("torch.nn.Conv2d", SIZES)
TRANSPOSED = ("torch.nn.ConvTranspose2d", SIZES)
SEPARABLE = ("dlstudio.network.modules.convolutions.SeparableConv2d", SIZES)
SHARING = ("second", "third")

every_norm = pytest.mark.parametrize("norm", WEIGHT_NORMS)


def design(norm: str, **settings: Any) -> Project:
    return chain(
        ("conv2d_1", "conv2d", {"out_channels": 3, "weight_norm": norm, **settings}),
        ("flatten_1", "flatten", {}),
        ("linear_1", "linear", {"out_features": 2, "weight_norm": norm, **settings}),
    )


def module_of(project: Project, seed: int = 1) -> nn.Module:
    return compile_design(project, IMAGES, seed=seed).single.module


def report(project: Project) -> Report:
    return Checker().check(project, IMAGES)


@every_norm
@pytest.mark.parametrize("target", [LINEAR, CONV, TRANSPOSED], ids=lambda target: target[0])
def test_initial_weights_equal_torch(target: tuple[str, dict[str, Any]], norm: str) -> None:
    ours = build_initialised(Call(*target, norm), "default", seed=17)
    norms = {"weight": parametrizations.weight_norm, "spectral": parametrizations.spectral_norm}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(17)
        theirs = norms[norm](getattr(nn, target[0].removeprefix("torch.nn."))(**target[1]))
    assert ours.state_dict().keys() == theirs.state_dict().keys()
    for name, value in theirs.state_dict().items():
        assert torch.equal(ours.state_dict()[name], value), name


def test_weight_norm_does_not_change_initial_weights() -> None:
    plain = build_initialised(Call(*CONV), "he_normal", seed=3)
    normed = build_initialised(Call(*CONV, "weight"), "he_normal", seed=3)
    torch.testing.assert_close(normed.weight, plain.weight)
    assert not normed.bias.any()


def test_spectral_norm_bounds_the_largest_singular_value() -> None:
    layer = build_initialised(Call(*SEPARABLE, "spectral"), "he_normal", seed=3)
    for _ in range(50):
        layer(torch.zeros(1, 4, 5, 5))
    for convolution in (layer.depthwise, layer.pointwise):
        largest = torch.linalg.matrix_norm(convolution.weight.flatten(1), 2).item()
        assert largest == pytest.approx(1, abs=1e-3)


@every_norm
def test_global_generator_is_not_used(norm: str) -> None:
    before = torch.get_rng_state()
    build(Call(*CONV, norm), "meta")
    build_initialised(Call(*CONV, norm), "he_normal", seed=5)
    MetaRunner().run(Call(*CONV, norm), [MetaInput((4, 7, 7), "float32", requires_grad=True)])
    assert torch.equal(torch.get_rng_state(), before)


@every_norm
def test_costs_count_parameters_but_no_weights_as_activations(norm: str) -> None:
    module, plain, normed = module_of(design(norm)), report(design("none")), report(design(norm))
    assert normed.cost.parameters == sum(parameter.numel() for parameter in module.parameters())
    assert normed.cost.buffers == sum(buffer.numel() for buffer in module.buffers())
    assert normed.cost.activation_bytes == plain.cost.activation_bytes
    assert normed.cost.multiply_adds == plain.cost.multiply_adds


@every_norm
def test_weights_survive_saving_and_loading(norm: str, tmp_path: Path) -> None:
    module, other = module_of(design(norm), seed=1), module_of(design(norm), seed=2)
    save_weights(module, tmp_path / "weights.safetensors")
    match = load_weights(other, tmp_path / "weights.safetensors")
    assert match.is_complete
    x = torch.randn(2, 1, 8, 8)
    assert torch.equal(module.eval()(x), other.eval()(x))


@every_norm
def test_frozen_layer_does_not_change(norm: str) -> None:
    module = module_of(design(norm, frozen=True))
    assert not any(parameter.requires_grad for parameter in module.parameters())
    before = deepcopy(module.state_dict())
    module.eval()(torch.randn(2, 1, 8, 8))
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())


@every_norm
def test_training_equals_the_reference_network(norm: str) -> None:
    ours = module_of(design(norm))
    apply_norm = WEIGHT_NORMS[norm]
    theirs = nn.Sequential(
        apply_norm(nn.Conv2d(1, 3, 3)), nn.Flatten(), apply_norm(nn.Linear(108, 2))
    )
    theirs.load_state_dict(dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True)))
    copy = deepcopy(ours)
    x = torch.randn(4, 1, 8, 8)
    results = [_after_steps(module, x) for module in (ours, theirs, copy)]
    assert torch.equal(results[0], results[1])
    assert torch.equal(results[0], results[2])


@every_norm
def test_two_layers_share_the_parametrised_weights(norm: str) -> None:
    linear = {"out_features": 8, "weight_norm": norm}
    project = chain(
        ("flatten_1", "flatten", {}),
        ("first", "linear", linear),
        ("second", "linear", linear),
        ("third", "linear", {**linear, "bias": False}),
    )
    module = module_of(set_weights_from(project, "third", "second"))
    second, third = (dict(module.get_submodule(name).named_parameters()) for name in SHARING)
    assert third
    assert all(third[name] is second[name] for name in third)


def _after_steps(module: nn.Module, x: Tensor) -> Tensor:
    optimiser = torch.optim.SGD(module.parameters(), lr=0.1)
    for _ in range(3):
        optimiser.zero_grad()
        module.train()(x).square().sum().backward()
        optimiser.step()
    with torch.no_grad():
        result: Tensor = module.eval()(x)
    return result
