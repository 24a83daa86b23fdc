from __future__ import annotations

import pytest
import torch
from torch import nn

from dlstudio.design.edits import set_settings
from dlstudio.design.model.model import Block, Edge, Graph, Node, Project
from dlstudio.network.compile.compile import Binding, CompileError, compile_design
from tests.network.design_builders import IMAGES, ROWS, build_design, chain


def two_layers() -> Project:
    return chain(
        ("linear_1", "linear", {"out_features": 8}),
        ("relu_1", "relu", {}),
        ("linear_2", "linear", {"out_features": 3}),
    )


def residual_blocks(*, share: bool) -> Project:
    inner = {
        "enter": Node("enter", "block_input"),
        "linear_1": Node("linear_1", "linear", {"out_features": 12}),
        "relu_1": Node("relu_1", "relu"),
        "add_1": Node("add_1", "add"),
        "leave": Node("leave", "block_output"),
    }
    wires = [
        Edge("enter", "linear_1"),
        Edge("linear_1", "relu_1"),
        Edge("enter", "add_1", "output", "inputs", 0),
        Edge("relu_1", "add_1", "output", "inputs", 1),
        Edge("add_1", "leave"),
    ]
    block = Block("residual", "Residual", (), Graph(inner, {wire.key: wire for wire in wires}))
    settings = {"block": "residual", "repeat": 3, "share": share}
    nodes = {
        "input_1": Node("input_1", "input"),
        "residual_1": Node("residual_1", "block", settings),
        "output_1": Node("output_1", "output"),
    }
    outer_wires = [
        Edge("input_1", "residual_1", "output", "enter"),
        Edge("residual_1", "output_1", "leave"),
    ]
    graph = Graph(nodes, {wire.key: wire for wire in outer_wires})
    return Project(graph=graph, blocks={"residual": block})


def test_every_layer_is_a_submodule_at_its_path() -> None:
    component = compile_design(residual_blocks(share=False), ROWS).single
    for path in ("residual_1.0.linear_1", "residual_1.2.relu_1", "residual_1.1.add_1"):
        assert component.module.get_submodule(path) is not None
    assert "residual_1.2.linear_1.weight" in component.module.state_dict()
    assert component.inputs == (Binding("input_1", "samples", shape=(12,)),)
    assert component.outputs == (Binding("output_1", "class scores", shape=(12,)),)


@pytest.mark.parametrize(("share", "count"), [(True, 2), (False, 6)])
def test_shared_repeats_have_one_set_of_weights(share: bool, count: int) -> None:
    module = compile_design(residual_blocks(share=share), ROWS).single.module
    assert len(list(module.parameters())) == count
    x = torch.randn(4, 12)
    expected = x
    for number in range(3):
        layer = module.get_submodule(f"residual_1.{0 if share else number}.linear_1")
        expected = expected + torch.relu(layer(expected))
    assert torch.equal(module(x), expected)


def test_weights_of_different_layer_kinds_can_be_tied() -> None:
    project = build_design(
        [
            ("input_1", "input", {"role": "tokens", "shape": (5,)}),
            ("embedding_1", "embedding", {"num_embeddings": 11, "embedding_dim": 6}),
            ("linear_1", "linear", {"out_features": 11, "bias": False}),
            ("output_1", "output", {}),
        ],
        [("input_1", "embedding_1"), ("embedding_1", "linear_1"), ("linear_1", "output_1")],
    )
    nodes = dict(project.graph.nodes)
    settings = nodes["linear_1"].settings
    nodes["linear_1"] = Node("linear_1", "linear", settings, weights_from="embedding_1")
    module = compile_design(Project(graph=Graph(nodes, project.graph.edges)), ROWS).single.module
    assert module.linear_1.weight is module.embedding_1.weight
    module(torch.randint(0, 11, (2, 5))).sum().backward()
    assert module.embedding_1.weight.grad is not None


def test_two_networks_on_one_canvas_are_two_components() -> None:
    project = build_design(
        [
            ("input_1", "input", {}),
            ("input_2", "input", {"role": "noise", "shape": (4,)}),
            ("a", "linear", {"out_features": 2}),
            ("b", "linear", {"out_features": 5}),
            ("output_1", "output", {}),
            ("output_2", "output", {"role": "generated sample"}),
        ],
        [("input_1", "a"), ("a", "output_1"), ("input_2", "b"), ("b", "output_2")],
    )
    compiled = compile_design(project, ROWS)
    assert [component.inputs[0].role for component in compiled.components] == ["samples", "noise"]
    assert compiled.components[1].outputs[0].role == "generated sample"
    assert compiled.components[1].module(torch.randn(3, 4)).shape == (3, 5)
    with pytest.raises(CompileError, match="2 separate networks"):
        _ = compiled.single


def test_several_outputs_are_returned_as_a_tuple() -> None:
    project = build_design(
        [
            ("input_1", "input", {}),
            ("a", "linear", {"out_features": 2}),
            ("b", "linear", {"out_features": 5}),
            ("output_1", "output", {}),
            ("output_2", "output", {"role": "value"}),
        ],
        [("input_1", "a"), ("input_1", "b"), ("a", "output_1"), ("b", "output_2")],
    )
    component = compile_design(project, ROWS).single
    results = component.module(torch.randn(3, 12))
    sizes = [value.shape[1] for value in results]
    roles = [binding.role for binding in component.outputs]
    assert dict(zip(roles, sizes, strict=True)) == {"class scores": 2, "value": 5}


def test_extracted_subgraphs_compute_the_same_as_in_the_network() -> None:
    project = two_layers()
    network = compile_design(project, ROWS, seed=4).single.module
    tail = compile_design(project, ROWS, seed=4, inputs=("relu_1",)).single
    head = compile_design(project, ROWS, seed=4, outputs=("linear_1",)).single
    x = torch.randn(6, 12)
    assert head.outputs[0].path == "linear_1"
    assert tail.inputs[0].path == "relu_1"
    assert list(tail.module.state_dict()) == ["linear_2.weight", "linear_2.bias"]
    assert torch.equal(tail.module(torch.relu(head.module(x))), network(x))


def test_valid_subgraph_of_an_invalid_design_can_be_extracted() -> None:
    project = set_settings(two_layers(), ("linear_2",), {"out_features": "many"})
    with pytest.raises(CompileError, match="linear_2"):
        compile_design(project, ROWS)
    subgraph = compile_design(project, ROWS, outputs=("relu_1",)).single
    assert subgraph.module(torch.randn(2, 12)).shape == (2, 8)
    with pytest.raises(CompileError, match="linear_2"):
        compile_design(project, ROWS, outputs=("linear_2",))
    with pytest.raises(CompileError, match="no layer 'nowhere'"):
        compile_design(project, ROWS, outputs=("nowhere",))


def test_frozen_layers_require_no_gradient_and_are_listed() -> None:
    project = set_settings(two_layers(), ("linear_1",), {"frozen": True})
    component = compile_design(project, ROWS).single
    assert component.frozen == {"linear_1"}
    trainable = {
        name for name, parameter in component.module.named_parameters() if parameter.requires_grad
    }
    assert trainable == {"linear_2.weight", "linear_2.bias"}


def test_invalid_layer_name_is_refused() -> None:
    for name in ("forward", "class", "a'); import os #"):
        project = chain((name, "linear", {"out_features": 3}))
        with pytest.raises(CompileError, match="is not a valid layer name"):
            compile_design(project, ROWS)


def test_seed_determines_the_network() -> None:
    first, again, other = (
        compile_design(two_layers(), ROWS, seed=seed).single.module for seed in (1, 1, 2)
    )
    assert torch.equal(first.linear_1.weight, again.linear_1.weight)
    assert not torch.equal(first.linear_1.weight, other.linear_1.weight)


def test_forward_hooks_are_called_for_every_layer() -> None:
    project = chain(
        ("conv2d_1", "conv2d", {"out_channels": 4}),
        ("flatten_1", "flatten", {}),
        ("linear_1", "linear", {"out_features": 10}),
    )
    module = compile_design(project, IMAGES).single.module
    hooked = []
    for name, layer in module.named_modules():
        if not isinstance(layer, nn.Module) or not name:
            continue
        layer.register_forward_hook(lambda _, __, out, name=name: hooked.append((name, out.shape)))
    module(torch.randn(2, 1, 8, 8))
    assert [name for name, _ in hooked] == ["conv2d_1", "flatten_1", "linear_1"]
