"""Subnetworks of a compiled network, and its bottlenecks."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, fx, nn

from dlstudio.network.compile.compile import Binding, Component
from dlstudio.network.compile.subnetwork import (
    bottleneck,
    extract,
    input_node,
    layer_node,
    narrowest_node,
    node_sizes,
    output_node,
    truncate_at,
)


class EncoderDecoder(nn.Module):
    """An encoder and a class-conditional decoder; `has_skip` bypasses the latent vector."""

    def __init__(self, has_skip: bool = False) -> None:
        super().__init__()
        self.encoder, self.mean, self.decoder = nn.Linear(6, 5), nn.Linear(5, 2), nn.Linear(4, 6)
        self.skip = nn.Linear(5, 6) if has_skip else None

    def forward(self, x: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.encoder(x)
        mean = self.mean(hidden)
        output = self.decoder(torch.cat((mean, label), 1))
        return (output if self.skip is None else output + self.skip(hidden)), mean


class Tracer(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return True


def component(has_skip: bool = False) -> tuple[EncoderDecoder, Component]:
    net = EncoderDecoder(has_skip)
    inputs = (Binding("input_1", "samples"), Binding("input_2", "condition"))
    outputs = (Binding("output_1", "reconstruction"), Binding("output_2", "mean"))
    return net, Component(fx.GraphModule(net, Tracer().trace(net)), inputs, outputs)


def test_extracted_decoder_computes_the_same_as_in_the_network() -> None:
    net, network = component()
    mean = output_node(network, "mean")
    assert mean is not None
    decoder = extract(network, {"latent": mean}, ("reconstruction",))
    assert [binding.role for binding in decoder.inputs] == ["latent", "condition"]
    latent, label = torch.randn(3, 2), torch.randn(3, 2)
    expected = net.decoder(torch.cat((latent, label), 1))
    assert torch.equal(decoder.module(latent, label), expected)


def test_subnetwork_shares_only_the_layers_it_needs() -> None:
    net, network = component()
    encoder = extract(network, {}, ("mean",))
    assert [binding.role for binding in encoder.inputs] == ["samples"]
    assert encoder.module.get_submodule("mean") is net.mean
    assert set(encoder.module.state_dict()) == {
        f"{layer}.{name}" for layer in ("encoder", "mean") for name in ("weight", "bias")
    }


def test_truncated_network_ends_at_the_layer() -> None:
    net, network = component()
    node = layer_node(network, "encoder")
    assert node is not None
    x = torch.randn(3, 6)
    assert torch.equal(truncate_at(network, node).module(x), net.encoder(x))
    assert layer_node(network, "nowhere") is None


def test_bottleneck_is_on_all_paths() -> None:
    _, network = component()
    mean, end = output_node(network, "mean"), output_node(network, "reconstruction")
    assert mean is not None
    assert end is not None
    assert bottleneck(network, mean, end) is mean
    assert bottleneck(network, end, mean) is None


def test_with_a_skip_connection_only_the_end_is_a_bottleneck() -> None:
    _, network = component(has_skip=True)
    mean, end = output_node(network, "mean"), output_node(network, "reconstruction")
    assert mean is not None
    assert end is not None
    assert bottleneck(network, mean, end) is end


def test_missing_output_is_refused() -> None:
    _, network = component()
    assert output_node(network, "value") is None
    with pytest.raises(ValueError, match="no output 'value'"):
        extract(network, {}, ("value",))


def test_narrowest_node_is_on_all_paths() -> None:
    for has_skip, expected in ((False, "mean"), (True, "encoder")):
        _, network = component(has_skip)
        start, end = input_node(network, "samples"), output_node(network, "reconstruction")
        assert start is not None
        assert end is not None
        sizes = node_sizes(network, torch.randn(2, 6), torch.randn(2, 2))
        node = narrowest_node(network, start, end, sizes)
        assert node is not None
        assert (node.target, sizes[node]) == (expected, 5 if has_skip else 2)


def test_network_of_constant_width_has_no_narrowest_node() -> None:
    _, network = component()
    start = input_node(network, "samples")
    encoder = layer_node(network, "encoder")
    assert start is not None
    assert encoder is not None
    sizes = dict.fromkeys(network.module.graph.nodes, 6)
    assert narrowest_node(network, start, encoder, sizes) is None
