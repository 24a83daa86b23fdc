"""Outputs and gradients of the famous networks equal those of modules written from the papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, fx, nn
from torch.nn import functional

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.edits import set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import BLOCK, Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.network.compile.compile import compile_design
from tests.network.famous.reference_networks import (
    DcganDiscriminator,
    DcganGenerator,
    Ddpm,
    LstmLanguageModel,
    Transformer,
    UNet,
)
from tests.network.famous.reference_weights import (
    assign_tensors,
    network_of,
    randomise,
    tensors_in_order,
)

pytestmark = pytest.mark.usefixtures("seeded")
WIDTHS = {"filters", "features"}
TOLERANCE = 1e-5
"""Relative to the largest number compared."""


def narrowed_design(name: str, divide: int = 1) -> tuple[Project, DatasetInfo]:
    """Return a design with the widths divided by a factor, and its dataset info."""
    project = load(example_path(name))
    for node in project.graph.nodes.values():
        changes: dict[str, Any] = {}
        if node.kind == BLOCK:
            block = project.blocks[node.settings["block"]]
            defaults = {parameter.name: parameter.default for parameter in block.parameters}
            values = {**defaults, **node.settings.get("values", {})}
            widths = {key: values[key] // divide for key in WIDTHS & values.keys()}
            changes = {"values": {**values, **widths}}
        elif node.settings.get("out_channels") == 128:
            changes = {"out_channels": 128 // divide}
        if changes:
            project = set_settings(project, (node.id,), changes)
    return project, info_of(project.data)


def token_facts(facts: DatasetInfo, steps: int, vocabulary: int) -> DatasetInfo:
    """Return dataset info with shorter texts and a changeser vocabulary."""
    inputs = {role: replace(signal, shape=(steps,)) for role, signal in facts.inputs.items()}
    return replace(facts, inputs=inputs, numbers={"vocabulary": vocabulary, "window": steps})


def assert_close(actual: Tensor, expected: Tensor, name: str, scale: float = 0.0) -> None:
    """Compare relative to the largest number, but at least to `scale`."""
    largest = max(scale, float(expected.detach().abs().max()))
    torch.testing.assert_close(
        actual, expected, rtol=0, atol=TOLERANCE * largest, msg=lambda text: f"{name}: {text}"
    )


def assert_same_outputs_and_gradients(
    network: fx.GraphModule,
    tensors: Sequence[Tensor],
    reference: nn.Module,
    inputs: tuple[Tensor, ...],
    loss: Callable[[Tensor], Tensor],
) -> None:
    """Compare outputs, which must depend on the inputs, and the gradient of each weight."""
    assign_tensors(tensors, reference)
    expected, actual = reference(*inputs), network(*inputs)
    spread = (expected[0] - expected[1]).abs().max()
    assert spread > 0.001 * expected.abs().max()
    assert_close(actual, expected, "output")
    loss(expected).backward()
    loss(actual).backward()
    weights = [tensor for tensor in tensors if isinstance(tensor, nn.Parameter)]
    gradients = {name: gradient_of(parameter) for name, parameter in reference.named_parameters()}
    scale = 0.001 * max(float(gradient.abs().max()) for gradient in gradients.values())
    for weight, (name, gradient) in zip(weights, gradients.items(), strict=True):
        assert_close(gradient_of(weight).view(gradient.shape), gradient, name, scale)


def gradient_of(weight: Tensor) -> Tensor:
    assert weight.grad is not None
    return weight.grad


def next_token_loss(tokens: Tensor) -> Callable[[Tensor], Tensor]:
    return lambda scores: functional.cross_entropy(scores.flatten(0, 1), tokens.flatten())


def test_lstm_equals_torch() -> None:
    project, facts = narrowed_design("lstm-language-model")
    network = network_of(project, token_facts(facts, 35, 50)).double()
    with torch.device("meta"):
        reference = LstmLanguageModel(50)
    x, target = torch.randint(0, 50, (2, 2, 35))
    assert_same_outputs_and_gradients(
        network, tensors_in_order(network), reference, (x,), next_token_loss(target)
    )


def test_transformer_equals_torch() -> None:
    project, facts = narrowed_design("transformer")
    network = network_of(project, token_facts(facts, 12, 50)).double()
    with torch.device("meta"):
        reference = Transformer(50)
    randomise(network)
    tensors = [tensor for tensor in tensors_in_order(network) if isinstance(tensor, nn.Parameter)]
    source, target = torch.randint(1, 50, (2, 2, 12))
    loss = next_token_loss(target)
    assert_same_outputs_and_gradients(network, tensors, reference, (source, target), loss)


def test_u_net_equals_the_reference() -> None:
    network = network_of(*narrowed_design("u-net", divide=16))
    with torch.device("meta"):
        reference = UNet(64 // 16)
    randomise(network)
    x, mask = torch.randn(2, 1, 572, 572), torch.randint(0, 2, (2, 388, 388))
    entropy = nn.CrossEntropyLoss()
    tensors = tensors_in_order(network)
    assert_same_outputs_and_gradients(
        network, tensors, reference, (x,), lambda scores: entropy(scores, mask)
    )


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    ("role", "make", "shape"),
    [("noise", DcganGenerator, (100,)), ("samples", DcganDiscriminator, (3, 64, 64))],
)
def test_dcgan_equals_the_reference(
    role: str, make: type[nn.Module], shape: tuple[int, ...], training: bool
) -> None:
    component = compile_design(*narrowed_design("dcgan")).component_with_input(role)
    assert component is not None
    network = component.module.double().train(training)
    with torch.device("meta"):
        reference = make().train(training)
    randomise(network)
    x = torch.randn(4, *shape).double()
    target = torch.rand_like(network(x))
    entropy = nn.BCEWithLogitsLoss()
    tensors = tensors_in_order(network)
    assert_same_outputs_and_gradients(
        network, tensors, reference, (x,), lambda scores: entropy(scores, target)
    )


def test_ddpm_u_net_equals_the_reference() -> None:
    network = network_of(*narrowed_design("ddpm-u-net", divide=2))
    with torch.device("meta"):
        reference = Ddpm(128 // 2)
    randomise(network)
    tensors = tensors_in_order(network, by_name=True)
    inputs = torch.randn(2, 3, 32, 32), torch.tensor([3, 40])
    noise = torch.randn(2, 3, 32, 32)
    assert_same_outputs_and_gradients(
        network, tensors, reference, inputs, lambda x: (x - noise).square().mean()
    )
