"""The shipped blocks equal the modules of torch and torchvision that they reproduce."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pytest
import torch
from torch import Tensor, nn
from torchvision.models.densenet import _DenseLayer
from torchvision.models.mobilenetv2 import InvertedResidual
from torchvision.models.resnet import BasicBlock, Bottleneck
from torchvision.ops import SqueezeExcitation

from dlstudio.design import edits
from dlstudio.design.blocks import merge_definitions, ungroup
from dlstudio.design.library.library import shipped_blocks, summary_of
from dlstudio.design.model.model import BLOCK_INPUT, BLOCK_OUTPUT, Edge, Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.structure.expand import expand
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design

Shape = tuple[int, ...]
IMAGE, STEPS = (64, 8, 8), (6, 64)


class DoubleConvolution(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(
            *(nn.Conv2d(64, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU()),
            *(nn.Conv2d(32, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU()),
        )


class Dense(nn.Module):
    """torchvision's dense layer, with its output concatenated to the input."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = _DenseLayer(64, 12, 4, 0.0)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.layer(x)], 1)


class Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.TransformerDecoderLayer(64, 4, 128, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        return self.layer(x, x, tgt_mask=mask, tgt_is_causal=True)


class Gpt(nn.Module):
    """GPT-2's block: torch's encoder layer with norms first, GELU and a causal mask."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(
            64, 4, 256, activation="gelu", batch_first=True, norm_first=True
        )

    def forward(self, x: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        return self.layer(x, src_mask=mask, is_causal=True)


def projection(channels: int, stride: int) -> nn.Module:
    return nn.Sequential(nn.Conv2d(64, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))


WIDTHS = {"features": 64, "heads": 4}
MODELS: Mapping[str, tuple[Shape, Mapping[str, int], Callable[[], nn.Module]]] = {
    "residual": (IMAGE, {"channels": 64}, partial(BasicBlock, 64, 64)),
    "residual-downsampling": (
        IMAGE, {"channels": 48}, lambda: BasicBlock(64, 48, 2, projection(48, 2)),
    ),
    "bottleneck": (IMAGE, {"channels": 16}, partial(Bottleneck, 64, 16)),
    "bottleneck-downsampling": (
        IMAGE, {"channels": 20, "stride": 1}, lambda: Bottleneck(64, 20, 1, projection(80, 1)),
    ),
    "squeeze-excitation": (
        IMAGE, {"channels": 64, "squeezed": 8}, partial(SqueezeExcitation, 64, 8),
    ),
    "inverted-residual": (
        IMAGE, {"channels": 64, "hidden": 192}, partial(InvertedResidual, 64, 64, 1, 3),
    ),
    "inverted-residual-downsampling": (
        IMAGE, {"channels": 40, "hidden": 128}, partial(InvertedResidual, 64, 40, 2, 2),
    ),
    "dense-layer": (IMAGE, {"growth": 12}, Dense),
    "double-convolution": (IMAGE, {"channels": 32}, DoubleConvolution),
    "transformer-encoder": (
        STEPS, {**WIDTHS, "hidden": 128},
        partial(nn.TransformerEncoderLayer, 64, 4, 128, batch_first=True),
    ),
    "transformer-decoder": (STEPS, {**WIDTHS, "hidden": 128}, Decoder),
    "gpt-block": (STEPS, WIDTHS, Gpt),
}  # fmt: skip


def facts(shape: Shape) -> DatasetInfo:
    meaning = "picture" if len(shape) == 3 else "sequence"
    return DatasetInfo(inputs={"samples": Signal(shape, "float32", meaning)})


def block_design(name: str, values: Mapping[str, int], repeat: int = 1) -> Project:
    """Return a design of the block between an Input and an Output."""
    file = shipped_blocks()[name]
    project, _ = merge_definitions(Project(), file.definitions)
    project, first = edits.add_node(project, "input")
    settings = {"block": file.block_id, "values": values, "repeat": repeat}
    project, block = edits.add_node(project, "block", settings=settings)
    project, last = edits.add_node(project, "output", settings={"role": "embedding"})
    for node in file.block.graph.nodes.values():
        if node.kind == BLOCK_INPUT:
            project = edits.connect(project, Edge(first, block, "output", node.id))
        if node.kind == BLOCK_OUTPUT:
            project = edits.connect(project, Edge(block, last, node.id, "input"))
    return project


def copy_weights(project: Project, ours: nn.Module, theirs: nn.Module) -> None:
    """Copy the weights of `theirs` to the first layer of `ours` with equal type and shapes."""
    remaining = _layers(theirs)
    for path in expand(project).nodes:
        layer = ours.get_submodule(path) if "." in path else nn.Identity()
        if shapes(layer):
            match = next(
                candidate
                for candidate in remaining
                if isinstance(layer, type(candidate)) and shapes(layer) == shapes(candidate)
            )
            remaining.remove(match)
            layer.load_state_dict(match.state_dict())
    assert not remaining


def shapes(module: nn.Module) -> list[torch.Size]:
    return [parameter.shape for parameter in module.parameters()]


def _layers(module: nn.Module) -> list[nn.Module]:
    """Return the layers with weights; attention counts as one layer."""
    if isinstance(module, nn.MultiheadAttention) or not [*module.children()]:
        return [module] if shapes(module) else []
    return [layer for child in module.children() for layer in _layers(child)]


@pytest.mark.parametrize("name", MODELS)
def test_shipped_block_equals_its_reference_module(name: str) -> None:
    shape, values, make = MODELS[name]
    project = block_design(name, values)
    ours = compile_design(project, facts(shape)).single.module
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        theirs, x = make(), torch.randn(2, *shape)
        for parameter in theirs.parameters():
            nn.init.normal_(parameter, std=0.2)
    assert sum(p.numel() for p in ours.parameters()) == sum(p.numel() for p in theirs.parameters())
    copy_weights(project, ours, theirs)
    with torch.no_grad():
        torch.testing.assert_close(ours.eval()(x), theirs.eval()(x), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_shipped_block_has_valid_defaults_and_documentation(name: str) -> None:
    block = shipped_blocks()[name].block
    shape = (block.parameters[0].default * 4 if name == "bottleneck" else 64, *MODELS[name][0][1:])
    if MODELS[name][0] == STEPS:
        shape = STEPS
    repeat = 1 if "downsampling" in name or name == "double-convolution" else 3
    problems = Checker().check(block_design(name, {}, repeat), facts(shape)).problems
    assert [problem.text for problem in problems if problem.path != "output_1"] == []
    assert 10 < len(summary_of(block)) <= 80
    assert len(block.help.split()) > 30
    assert all(parameter.help for parameter in block.parameters)
    nodes = block.graph.nodes.values()
    assert {BLOCK_INPUT, BLOCK_OUTPUT} <= {node.kind for node in nodes}


def test_every_shipped_block_has_a_reference_module() -> None:
    assert [*shipped_blocks()] == [*MODELS]


@pytest.mark.parametrize("name", MODELS)
def test_ungrouping_a_shipped_block_keeps_the_network(name: str) -> None:
    shape, values, _ = MODELS[name]
    project = block_design(name, values)
    (placement,) = (
        node_id for node_id, node in project.graph.nodes.items() if node.kind == "block"
    )
    flat = ungroup(project, placement)
    assert flat.blocks == {}
    costs = (Checker().check(design, facts(shape)).cost for design in (project, flat))
    assert len(set(costs)) == 1
