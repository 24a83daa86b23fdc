"""Parts of a compiled network: what they compute, what they share, where a bottleneck lies."""

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
        rebuilt = self.decoder(torch.cat((mean, label), 1))
        return (rebuilt if self.skip is None else rebuilt + self.skip(hidden)), mean


class Tracer(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return True


def component(has_skip: bool = False) -> tuple[EncoderDecoder, Component]:
    net = EncoderDecoder(has_skip)
    inputs = (Binding("input_1", "samples"), Binding("input_2", "condition"))
    outputs = (Binding("output_1", "reconstruction"), Binding("output_2", "mean"))
    return net, Component(fx.GraphModule(net, Tracer().trace(net)), inputs, outputs)


def test_an_extracted_decoder_computes_what_the_network_does() -> None:
    net, whole = component()
    inner = output_node(whole, "mean")
    assert inner is not None
    decoder = extract(whole, {"latent": inner}, ("reconstruction",))
    assert [binding.role for binding in decoder.inputs] == ["latent", "condition"]
    latent, label = torch.randn(3, 2), torch.randn(3, 2)
    expected = net.decoder(torch.cat((latent, label), 1))
    assert torch.equal(decoder.module(latent, label), expected)


def test_a_subnetwork_shares_only_the_layers_it_needs() -> None:
    net, whole = component()
    encoder = extract(whole, {}, ("mean",))
    assert [binding.role for binding in encoder.inputs] == ["samples"]
    assert encoder.module.get_submodule("mean") is net.mean
    assert set(encoder.module.state_dict()) == {
        f"{layer}.{name}" for layer in ("encoder", "mean") for name in ("weight", "bias")
    }


def test_a_network_is_truncated_at_a_layer() -> None:
    net, whole = component()
    node = layer_node(whole, "encoder")
    assert node is not None
    x = torch.randn(3, 6)
    assert torch.equal(truncate_at(whole, node).module(x), net.encoder(x))
    assert layer_node(whole, "nowhere") is None


def test_a_bottleneck_is_on_all_paths() -> None:
    _, whole = component()
    mean, end = output_node(whole, "mean"), output_node(whole, "reconstruction")
    assert mean is not None
    assert end is not None
    assert bottleneck(whole, mean, end) is mean
    assert bottleneck(whole, end, mean) is None


def test_with_a_skip_connection_only_the_end_is_a_bottleneck() -> None:
    _, whole = component(has_skip=True)
    mean, end = output_node(whole, "mean"), output_node(whole, "reconstruction")
    assert mean is not None
    assert end is not None
    assert bottleneck(whole, mean, end) is end


def test_a_missing_output_is_refused() -> None:
    _, whole = component()
    assert output_node(whole, "value") is None
    with pytest.raises(ValueError, match="no output 'value'"):
        extract(whole, {}, ("value",))


def test_the_narrowest_node_is_on_all_paths() -> None:
    for past, expected in ((False, "mean"), (True, "encoder")):
        _, whole = component(past)
        start, end = input_node(whole, "samples"), output_node(whole, "reconstruction")
        assert start is not None
        assert end is not None
        sizes = node_sizes(whole, torch.randn(2, 6), torch.randn(2, 2))
        node = narrowest_node(whole, start, end, sizes)
        assert node is not None
        assert (node.target, sizes[node]) == (expected, 5 if past else 2)


def test_a_network_of_constant_width_has_no_narrowest_node() -> None:
    _, whole = component()
    start = input_node(whole, "samples")
    encoder = layer_node(whole, "encoder")
    assert start is not None
    assert encoder is not None
    sizes = dict.fromkeys(whole.module.graph.nodes, 6)
    assert narrowest_node(whole, start, encoder, sizes) is None
