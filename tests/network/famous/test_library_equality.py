"""The famous networks equal those of torchvision and transformers with the same weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torchvision import models

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.edits import set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from tests.network.famous.reference_weights import (
    assign_tensors,
    network_of,
    randomise,
    tensors_in_order,
)

CLASSES = 12

pytestmark = pytest.mark.usefixtures("seeded")


def image_design(name: str, side: int) -> tuple[Project, DatasetInfo]:
    """Return a design and the dataset info of images of this size."""
    project = load(example_path(name))
    facts = info_of(project.data)
    signal = replace(facts.inputs["samples"], shape=(3, side, side))
    return project, replace(facts, inputs={"samples": signal}, numbers={"classes": CLASSES})


def assert_same_outputs(network: nn.Module, reference: nn.Module, x: Tensor) -> None:
    """Compare outputs, which must depend on the inputs."""
    expected = reference(x)
    spread = float((expected[0] - expected[1]).abs().max())
    assert spread > 0.001 * float(expected.abs().max())
    torch.testing.assert_close(network(x), expected, rtol=0, atol=0.01 * spread)


TORCHVISION: Mapping[str, tuple[Callable[..., nn.Module], int]] = {
    "alexnet": (models.alexnet, 64),
    "vgg-16": (partial(models.vgg16, init_weights=False), 32),
    "resnet-18": (models.resnet18, 64),
    "resnet-50": (models.resnet50, 64),
    "resnet-152": (models.resnet152, 64),
    "densenet-121": (models.densenet121, 64),
    "mobilenet-v2": (models.mobilenet_v2, 64),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TORCHVISION)
@torch.no_grad()
def test_network_equals_torchvision(name: str) -> None:
    make, side = TORCHVISION[name]
    network = network_of(*image_design(name, side))
    with torch.device("meta"):
        reference = make(num_classes=CLASSES).eval()
    randomise(network)
    assign_tensors(tensors_in_order(network), reference)
    assert_same_outputs(network, reference, torch.randn(2, 3, side, side))


@pytest.mark.slow
@torch.no_grad()
def test_vision_transformer_equals_torchvision() -> None:
    project, facts = image_design("vit-b-16", 32)
    network = network_of(set_settings(project, ("learned_positions_1",), {"max_length": 5}), facts)
    with torch.device("meta"):
        reference = models.vit_b_16(image_size=32, num_classes=CLASSES).eval()
    randomise(network)
    first = ("conv_proj.weight", "conv_proj.bias", "class_token", "encoder.pos_embedding")
    assign_tensors(tensors_in_order(network), reference, first)
    assert_same_outputs(network, reference, torch.randn(2, 3, 32, 32))


def narrowed_language_model(
    name: str, width: int, heads: int, layers: int
) -> tuple[Project, DatasetInfo]:
    """Return a language model of this width for 16 tokens and a vocabulary of 50, with its info."""
    project = load(example_path(name))
    for node in project.graph.nodes.values():
        changes: dict[str, Any] = {}
        if node.kind == "block":
            changes = {"repeat": layers, "values": {"width": width, "heads": heads}}
        elif "embedding_dim" in node.settings:
            changes = {"embedding_dim": width}
        elif node.settings.get("out_features") == 768:
            changes = {"out_features": width}
        if changes:
            project = set_settings(project, (node.id,), changes)
    facts = info_of(project.data)
    inputs = {role: replace(signal, shape=(16,)) for role, signal in facts.inputs.items()}
    return project, replace(facts, inputs=inputs, numbers={"vocabulary": 50, "window": 16})


def tokens() -> Tensor:
    return torch.randint(0, 50, (2, 16))


class Block(nn.Module):
    """A block of GPT-2, as in Karpathy's nanoGPT."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.ln_1 = nn.LayerNorm(width)
        self.attention = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)
        self.ln_2 = nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (
            projection.unflatten(2, (self.heads, -1)).transpose(1, 2)
            for projection in self.attention(self.ln_1(x)).chunk(3, 2)
        )
        scores = q @ k.transpose(2, 3) / q.shape[-1] ** 0.5
        mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        attended = scores.masked_fill(mask, -torch.inf).softmax(-1) @ v
        x = x + self.projection(attended.transpose(1, 2).flatten(2))
        hidden = nn.functional.gelu(self.up(self.ln_2(x)), approximate="tanh")
        return x + self.down(hidden)


class Gpt2(nn.Module):
    """GPT-2, written from its paper."""

    def __init__(self, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(50, width), nn.Embedding(16, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.blocks(self.tokens(x) + self.positions(torch.arange(x.shape[1])))
        return self.norm(hidden) @ self.tokens.weight.T


@pytest.mark.parametrize("name", ["gpt-2-small", "gpt-3"])
@torch.no_grad()
def test_gpt_equals_the_reference(name: str) -> None:
    network = network_of(*narrowed_language_model(name, 32, 4, 3))
    with torch.device("meta"):
        reference = Gpt2(32, 4, 3)
    randomise(network)
    assign_tensors(tensors_in_order(network), reference)
    assert_same_outputs(network, reference, tokens())


@torch.no_grad()
def test_gpt_2_equals_transformers() -> None:
    import transformers

    network = network_of(*narrowed_language_model("gpt-2-small", 32, 4, 3))
    settings = transformers.GPT2Config(
        vocab_size=50, n_positions=16, n_embd=32, n_layer=3, n_head=4, use_cache=False
    )
    reference = transformers.GPT2Model(settings).eval()
    randomise(network)
    transposed = [
        tensor.T if _is_transposed(tensor) else tensor for tensor in tensors_in_order(network)
    ]
    assign_tensors(transposed, reference)
    x = tokens()
    expected = reference(x).last_hidden_state @ network.get_submodule("embedding_1").weight.T
    torch.testing.assert_close(network(x), expected, rtol=1e-4, atol=1e-4)


def _is_transposed(tensor: Tensor) -> bool:
    """Whether the tensor is a matrix of a block, which transformers stores transposed."""
    return tensor.ndim == 2 and len(tensor) not in (50, 16)


@torch.no_grad()
def test_bert_equals_transformers() -> None:
    import transformers

    network = network_of(*narrowed_language_model("bert-base", 32, 4, 3))
    settings = transformers.BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=16,
    )
    reference = transformers.BertModel(settings).eval()
    randomise(network)
    tables = ("word", "token_type", "position")
    first = tuple(f"embeddings.{table}_embeddings.weight" for table in tables)
    assign_tensors(_unpack(tensors_in_order(network), 3 * 32), reference, first)
    x, segments = tokens(), torch.randint(0, 2, (2, 16))
    expected = reference(x, token_type_ids=segments).pooler_output
    torch.testing.assert_close(network(tokens=x, segments=segments), expected, rtol=1e-4, atol=1e-4)


def _unpack(tensors: Iterable[Tensor], packed: int) -> Iterator[Tensor]:
    """Yield packed weights and biases as those of query, key and value in turn."""
    weights: tuple[Tensor, ...] = ()
    for tensor in tensors:
        if len(tensor) != packed:
            yield tensor
        elif tensor.ndim == 2:
            weights = tensor.chunk(3)
        else:
            for pair in zip(weights, tensor.chunk(3), strict=True):
                yield from pair
