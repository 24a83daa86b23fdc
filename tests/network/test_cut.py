"""Parts of a compiled network: what they compute, what they share, where a bottleneck lies."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, fx, nn

from dlstudio.network.compile import Binding, Component
from dlstudio.network.cut import (
    bottleneck,
    cut_out,
    input_of,
    layer_result,
    narrowest,
    result_of,
    sizes_of,
    up_to,
)


class Halves(nn.Module):
    """An encoder and a decoder that is told a class; `past` leads round the latent numbers."""

    def __init__(self, past: bool = False) -> None:
        super().__init__()
        self.encoder, self.mean, self.decoder = nn.Linear(6, 5), nn.Linear(5, 2), nn.Linear(4, 6)
        self.skip = nn.Linear(5, 6) if past else None

    def forward(self, x: Tensor, label: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.encoder(x)
        mean = self.mean(hidden)
        rebuilt = self.decoder(torch.cat((mean, label), 1))
        return (rebuilt if self.skip is None else rebuilt + self.skip(hidden)), mean


class Tracer(fx.Tracer):
    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return True


def component(past: bool = False) -> tuple[Halves, Component]:
    net = Halves(past)
    inputs = (Binding("input_1", "samples"), Binding("input_2", "condition"))
    outputs = (Binding("output_1", "reconstruction"), Binding("output_2", "mean"))
    return net, Component(fx.GraphModule(net, Tracer().trace(net)), inputs, outputs)


def test_a_decoder_computes_what_the_whole_does_from_the_inner_value_on() -> None:
    net, whole = component()
    inner = result_of(whole, "mean")
    assert inner is not None
    decoder = cut_out(whole, {"latent": inner}, ("reconstruction",))
    assert [binding.role for binding in decoder.inputs] == ["latent", "condition"]
    latent, label = torch.randn(3, 2), torch.randn(3, 2)
    expected = net.decoder(torch.cat((latent, label), 1))
    assert torch.equal(decoder.module(latent, label), expected)


def test_a_part_shares_the_layers_it_needs_and_holds_no_others() -> None:
    net, whole = component()
    encoder = cut_out(whole, {}, ("mean",))
    assert [binding.role for binding in encoder.inputs] == ["samples"]
    assert encoder.module.get_submodule("mean") is net.mean
    assert set(encoder.module.state_dict()) == {
        f"{layer}.{name}" for layer in ("encoder", "mean") for name in ("weight", "bias")
    }


def test_a_network_runs_up_to_a_layer() -> None:
    net, whole = component()
    node = layer_result(whole, "encoder")
    assert node is not None
    x = torch.randn(3, 6)
    assert torch.equal(up_to(whole, node).module(x), net.encoder(x))
    assert layer_result(whole, "nowhere") is None


def test_a_bottleneck_is_what_all_ways_lead_through() -> None:
    _, whole = component()
    mean, end = result_of(whole, "mean"), result_of(whole, "reconstruction")
    assert mean is not None
    assert end is not None
    assert bottleneck(whole, mean, end) is mean
    assert bottleneck(whole, end, mean) is None


def test_a_way_past_the_latent_numbers_leaves_the_end_alone() -> None:
    _, whole = component(past=True)
    mean, end = result_of(whole, "mean"), result_of(whole, "reconstruction")
    assert mean is not None
    assert end is not None
    assert bottleneck(whole, mean, end) is end


def test_an_output_that_is_not_there_is_refused() -> None:
    _, whole = component()
    assert result_of(whole, "value") is None
    with pytest.raises(ValueError, match="no output 'value'"):
        cut_out(whole, {}, ("value",))


def test_the_narrowest_place_is_where_everything_passes() -> None:
    for past, expected in ((False, "mean"), (True, "encoder")):
        _, whole = component(past)
        start, end = input_of(whole, "samples"), result_of(whole, "reconstruction")
        assert start is not None
        assert end is not None
        sizes = sizes_of(whole, torch.randn(2, 6), torch.randn(2, 2))
        node = narrowest(whole, start, end, sizes)
        assert node is not None
        assert (node.target, sizes[node]) == (expected, 5 if past else 2)


def test_a_network_without_a_narrow_place_has_none() -> None:
    _, whole = component()
    start = input_of(whole, "samples")
    encoder = layer_result(whole, "encoder")
    assert start is not None
    assert encoder is not None
    sizes = dict.fromkeys(whole.module.graph.nodes, 6)
    assert narrowest(whole, start, encoder, sizes) is None
