from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from dlstudio.design.model.model import Project
from dlstudio.network.build.cost import multiply_adds, saved_tensors, storage_id
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.modules.convolutions import SeparableConv2d
from dlstudio.network.modules.merge import MatMul
from dlstudio.network.modules.values import Scale
from tests.network.design_builders import IMAGES, ROWS, build_design, chain

BATCH = 64


def cnn() -> Project:
    return chain(
        ("conv2d_1", "conv2d", {"out_channels": 8, "padding": (1, 1)}),
        ("batch_norm2d_1", "batch_norm2d", {}),
        ("relu_1", "relu", {}),
        ("max_pool2d_1", "max_pool2d", {"kernel_size": (2, 2)}),
        ("flatten_1", "flatten", {}),
        ("linear_1", "linear", {"out_features": 32}),
        ("sigmoid_1", "sigmoid", {}),
        ("linear_2", "linear", {"out_features": 10}),
    )


def residual() -> Project:
    same_size = {"out_channels": 4, "padding": (1, 1)}
    return build_design(
        [
            ("input_1", "input", {}),
            ("conv2d_1", "conv2d", same_size),
            ("tanh_1", "tanh", {}),
            ("conv2d_2", "conv2d", same_size),
            ("add_1", "add", {}),
            ("gelu_1", "gelu", {}),
            ("multiply_1", "multiply", {}),
            ("output_1", "output", {}),
        ],
        [
            ("input_1", "conv2d_1"),
            ("conv2d_1", "tanh_1"),
            ("tanh_1", "conv2d_2"),
            ("tanh_1", "add_1", 0),
            ("conv2d_2", "add_1", 1),
            ("add_1", "gelu_1"),
            ("gelu_1", "multiply_1", 0),
            ("tanh_1", "multiply_1", 1),
            ("multiply_1", "output_1"),
        ],
    )


@pytest.mark.parametrize("make_design", [cnn, residual])
def test_activation_bytes_equal_what_training_saves(make_design: object) -> None:
    project = make_design()
    report = Checker().check(project, IMAGES)
    module = compile_design(project, IMAGES).single.module
    weights = {storage_id(tensor) for tensor in (*module.parameters(), *module.buffers())}
    with saved_tensors() as saved:
        module(torch.randn(BATCH, 1, 8, 8))
    saved_bytes = sum(
        storage.nbytes() for key, storage in saved.storages.items() if key not in weights
    )
    assert report.cost.activation_bytes * BATCH == pytest.approx(saved_bytes, rel=0.01)


def test_frozen_trunk_saves_no_activations() -> None:
    def bytes_of(**settings: object) -> int:
        project = chain(
            ("linear_1", "linear", {"out_features": 64, **settings}),
            ("sigmoid_1", "sigmoid", {}),
            ("linear_2", "linear", {"out_features": 10, **settings}),
        )
        return Checker().check(project, ROWS).cost.activation_bytes

    assert bytes_of() == 4 * (12 + 64)
    assert bytes_of(frozen=True) == 0


def test_parameters_and_buffers_are_counted() -> None:
    report = Checker().check(cnn(), IMAGES)
    module = compile_design(cnn(), IMAGES).single.module
    assert report.cost.parameters == sum(parameter.numel() for parameter in module.parameters())
    assert report.nodes["batch_norm2d_1"].cost.buffers == 16
    assert report.nodes["linear_1"].cost.parameters == 128 * 32 + 32


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.Linear(7, 5), (7,)),
        (nn.Linear(7, 5, bias=False), (3, 7)),
        (nn.Conv1d(4, 6, 3, stride=2), (4, 17)),
        (nn.Conv2d(4, 8, (3, 5), padding=1, groups=2), (4, 12, 12)),
        (nn.Conv2d(4, 8, 3, dilation=2), (4, 12, 12)),
        (nn.Conv2d(4, 12, 3, groups=4), (4, 12, 12)),
        (nn.Conv3d(2, 3, 3, padding=1, stride=2), (2, 5, 6, 7)),
        (nn.ConvTranspose1d(4, 6, 3, stride=2), (4, 7)),
        (nn.ConvTranspose2d(4, 6, 3, stride=2), (4, 5, 7)),
        (nn.ConvTranspose3d(4, 6, 3, groups=2), (4, 3, 4, 5)),
        (SeparableConv2d(4, 6, (3, 3), stride=(2, 2), channel_multiplier=2), (4, 9, 11)),
    ],
    ids=str,
)
def test_multiply_adds_are_half_of_torch_flops(module: nn.Module, shape: tuple[int, ...]) -> None:
    module, x = module.to("meta"), torch.empty(1, *shape, device="meta")
    with FlopCounterMode(display=False) as counter:
        y = module(x)
    assert multiply_adds(module, [x], [y]) * 2 == counter.get_total_flops()


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.InstanceNorm1d(6, affine=True), (6, 5)),
        (nn.GroupNorm(3, 6), (6, 4, 4)),
        (nn.RMSNorm(8), (5, 8)),
        (nn.BatchNorm3d(2), (2, 3, 4, 5)),
        (nn.PReLU(6), (6, 5)),
    ],
    ids=str,
)
def test_norms_and_prelu_have_one_multiply_add_per_number(
    module: nn.Module, shape: tuple[int, ...]
) -> None:
    x = torch.randn(2, *shape)
    assert multiply_adds(module, [x], [module(x)]) == math.prod(shape)


def test_instance_norm_without_weights_has_no_multiply_adds() -> None:
    x = torch.randn(2, 3, 4)
    assert multiply_adds(nn.InstanceNorm1d(3), [x], [x]) == 0


def test_bilinear_has_one_multiply_add_per_pair_and_output() -> None:
    left, right = torch.randn(2, 5, 3), torch.randn(2, 5, 4)
    module = nn.Bilinear(3, 4, 6)
    assert multiply_adds(module, [left, right], [module(left, right)]) == 5 * 3 * 4 * 6


def test_multiply_adds_of_a_matrix_product_are_half_of_torch_flops() -> None:
    left, right = (torch.empty(1, *shape, device="meta") for shape in ((3, 5, 7), (3, 7, 2)))
    with FlopCounterMode(display=False) as counter:
        product = MatMul()(left, right)
    assert multiply_adds(MatMul(), [left, right], [product]) * 2 == counter.get_total_flops()


@pytest.mark.parametrize("scale", [Scale(4, axis=0), Scale(1, axis=None)], ids=str)
def test_scale_has_one_multiply_add_per_number(scale: nn.Module) -> None:
    x = torch.ones(2, 4, 3, 3)
    assert multiply_adds(scale, [x], [scale(x)]) == 4 * 3 * 3
