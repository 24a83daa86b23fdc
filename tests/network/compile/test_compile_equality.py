"""Compiled designs equal hand-written modules bit for bit, before and after training."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.values import Ref
from dlstudio.network.compile.compile import compile_design
from tests.network.design_builders import IMAGES, ROWS, build_design, chain

CLASSES = {"out_features": Ref("classes")}


class Mlp(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(12, 32)
        self.linear_2 = nn.Linear(32, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear_2(torch.relu(self.linear_1(x)))


def mlp() -> Project:
    return chain(
        ("linear_1", "linear", {"out_features": 32}),
        ("relu_1", "relu", {}),
        ("linear_2", "linear", CLASSES),
    )


class Cnn(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv2d_1 = nn.Conv2d(1, 8, 3, padding=1)
        self.batch_norm2d_1 = nn.BatchNorm2d(8)
        self.conv2d_2 = nn.Conv2d(8, 16, 3)
        self.linear_1 = nn.Linear(144, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.batch_norm2d_1(self.conv2d_1(x)))
        x = nn.functional.max_pool2d(torch.relu(self.conv2d_2(x)), 2)
        return self.linear_1(torch.flatten(x, 1))


def cnn() -> Project:
    return chain(
        ("conv2d_1", "conv2d", {"out_channels": 8, "kernel_size": (3, 3), "padding": (1, 1)}),
        ("batch_norm2d_1", "batch_norm2d", {}),
        ("relu_1", "relu", {}),
        ("conv2d_2", "conv2d", {"out_channels": 16, "kernel_size": (3, 3), "padding": (0, 0)}),
        ("relu_2", "relu", {}),
        ("max_pool2d_1", "max_pool2d", {"kernel_size": (2, 2)}),
        ("flatten_1", "flatten", {}),
        ("linear_1", "linear", CLASSES),
    )


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv2d_1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2d_2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.batch_norm2d_1 = nn.BatchNorm2d(8)
        self.conv2d_3 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.batch_norm2d_2 = nn.BatchNorm2d(8)
        self.linear_1 = nn.Linear(512, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv2d_1(x)
        y = torch.relu(self.batch_norm2d_1(self.conv2d_2(x)))
        y = self.batch_norm2d_2(self.conv2d_3(y))
        return self.linear_1(torch.flatten(torch.relu(x + y), 1))


def residual() -> Project:
    same_size = {"out_channels": 8, "kernel_size": (3, 3), "padding": (1, 1)}
    return build_design(
        [
            ("input_1", "input", {}),
            ("conv2d_1", "conv2d", same_size),
            ("conv2d_2", "conv2d", {**same_size, "bias": False}),
            ("batch_norm2d_1", "batch_norm2d", {}),
            ("relu_1", "relu", {}),
            ("conv2d_3", "conv2d", {**same_size, "bias": False}),
            ("batch_norm2d_2", "batch_norm2d", {}),
            ("add_1", "add", {}),
            ("relu_2", "relu", {}),
            ("flatten_1", "flatten", {}),
            ("linear_1", "linear", CLASSES),
            ("output_1", "output", {}),
        ],
        [
            ("input_1", "conv2d_1"),
            ("conv2d_1", "conv2d_2"),
            ("conv2d_2", "batch_norm2d_1"),
            ("batch_norm2d_1", "relu_1"),
            ("relu_1", "conv2d_3"),
            ("conv2d_3", "batch_norm2d_2"),
            ("conv2d_1", "add_1", 0),
            ("batch_norm2d_2", "add_1", 1),
            ("add_1", "relu_2"),
            ("relu_2", "flatten_1"),
            ("flatten_1", "linear_1"),
            ("linear_1", "output_1"),
        ],
    )


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv2d_1 = nn.Conv2d(1, 4, 3, padding=1)
        self.conv2d_2 = nn.Conv2d(1, 6, 5, padding=2)
        self.linear_1 = nn.Linear(640, 10)

    def forward(self, x: Tensor) -> Tensor:
        left = torch.tanh(self.conv2d_1(x))
        right = nn.functional.gelu(self.conv2d_2(x))
        return self.linear_1(torch.flatten(torch.cat([right, left], 1), 1))


def branches() -> Project:
    return build_design(
        [
            ("input_1", "input", {}),
            ("conv2d_1", "conv2d", {"out_channels": 4, "kernel_size": (3, 3), "padding": (1, 1)}),
            ("conv2d_2", "conv2d", {"out_channels": 6, "kernel_size": (5, 5), "padding": (2, 2)}),
            ("tanh_1", "tanh", {}),
            ("gelu_1", "gelu", {}),
            ("concatenate_1", "concatenate", {}),
            ("flatten_1", "flatten", {}),
            ("linear_1", "linear", CLASSES),
            ("output_1", "output", {}),
        ],
        [
            ("input_1", "conv2d_1"),
            ("input_1", "conv2d_2"),
            ("conv2d_1", "tanh_1"),
            ("conv2d_2", "gelu_1"),
            ("gelu_1", "concatenate_1", 0),
            ("tanh_1", "concatenate_1", 1),
            ("concatenate_1", "flatten_1"),
            ("flatten_1", "linear_1"),
            ("linear_1", "output_1"),
        ],
    )


CASES = [
    pytest.param(mlp, Mlp, ROWS, id="mlp"),
    pytest.param(cnn, Cnn, IMAGES, id="cnn with batch norm"),
    pytest.param(residual, Residual, IMAGES, id="residual"),
    pytest.param(branches, Branches, IMAGES, id="two branches"),
]


def train(module: nn.Module, x: Tensor, y: Tensor, optimiser: type[torch.optim.Optimizer]) -> None:
    stepper = optimiser(module.parameters(), lr=0.01)
    for _ in range(10):
        stepper.zero_grad()
        nn.functional.cross_entropy(module(x), y).backward()
        stepper.step()


@pytest.mark.parametrize(("build_design", "reference_class", "facts"), CASES)
@pytest.mark.parametrize("optimiser", [torch.optim.SGD, torch.optim.Adam])
def test_compiled_design_equals_the_reference_module(
    build_design: object, reference_class: type[nn.Module], facts: DatasetInfo, optimiser: object
) -> None:
    compiled = compile_design(build_design(), facts, seed=3).single.module
    reference = reference_class()
    reference.load_state_dict(compiled.state_dict())
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(16, *facts.inputs["samples"].shape, generator=generator)
    y = torch.randint(0, facts.numbers["classes"], (16,), generator=generator)

    assert torch.equal(compiled(x), reference(x))
    train(compiled, x, y, optimiser)
    train(reference, x, y, optimiser)

    assert torch.equal(compiled.eval()(x), reference.eval()(x))
    trained = reference.state_dict()
    assert all(torch.equal(value, trained[name]) for name, value in compiled.state_dict().items())


@pytest.mark.parametrize(("build_design", "reference_class", "facts"), CASES)
def test_copy_trains_independently(
    build_design: object, reference_class: type[nn.Module], facts: DatasetInfo
) -> None:
    module = compile_design(build_design(), facts).single.module
    duplicate = copy.deepcopy(module)
    x = torch.randn(4, *facts.inputs["samples"].shape)
    before = module.eval()(x)
    train(duplicate.train(), x, torch.zeros(4, dtype=torch.int64), torch.optim.SGD)
    assert torch.equal(module(x), before)
    assert not torch.equal(duplicate.eval()(x), before)
