"""Complete sequence designs are inferred, compiled, and equal to torch's modules."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.network.build.cost import saved_tensors, storage_id
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from tests.network.design_builders import IMAGES, Layer, chain

TEXTS = DatasetInfo(
    inputs={
        "tokens": Signal((9,), "int64", "tokens"),
        "target tokens": Signal((6,), "int64", "tokens"),
        "mask": Signal((9,), "bool", "mask"),
        "lengths": Signal((), "int64", "length"),
    },
    numbers={"vocabulary": 20},
)


def build_design(layers: list[Layer], wires: list[str]) -> Project:
    """Return a design of layers and wires such as `lstm_1.hidden > gru_1.hidden`."""
    nodes = {name: Node(name, kind, dict(settings)) for name, kind, settings in layers}
    edges = {}
    for wire in wires:
        (source, source_port), (target, target_port) = (
            end.strip().split(".") for end in wire.split(">")
        )
        edge = Edge(source, target, source_port, target_port)
        edges[edge.key] = edge
    return Project(graph=Graph(nodes, edges))


def embedded_input(name: str, role: str) -> list[Layer]:
    settings: dict[str, Any] = {"num_embeddings": 20, "embedding_dim": 8}
    return [(name, "input", {"role": role}), (f"{name}_words", "embedding", settings)]


def translator() -> Project:
    """Return an encoder LSTM whose final states initialise a decoder LSTM."""
    return build_design(
        [
            *embedded_input("source", "tokens"),
            *embedded_input("target", "target tokens"),
            ("encoder", "lstm", {"hidden_size": 5, "num_layers": 2}),
            ("decoder", "lstm", {"hidden_size": 5, "num_layers": 2}),
            ("words", "linear", {"out_features": 20}),
            ("output_1", "output", {"role": "next token"}),
        ],
        [
            "source.output > source_words.input",
            "target.output > target_words.input",
            "source_words.output > encoder.input",
            "target_words.output > decoder.input",
            "encoder.hidden > decoder.hidden",
            "encoder.cell > decoder.cell",
            "decoder.sequence > words.input",
            "words.output > output_1.input",
        ],
    )


def transformer() -> Project:
    """Return an encoder and a decoder that both mask the padding of the source."""
    settings = {"dim_feedforward": 12, "nhead": 2, "dropout": 0.0}
    return build_design(
        [
            *embedded_input("source", "tokens"),
            *embedded_input("target", "target tokens"),
            ("padding", "input", {"role": "mask"}),
            ("positions", "sinusoidal_positions", {}),
            ("encoder", "transformer_encoder_layer", settings),
            ("decoder", "transformer_decoder_layer", {**settings, "causal": True}),
            ("words", "linear", {"out_features": 20}),
            ("output_1", "output", {"role": "next token"}),
        ],
        [
            "source.output > source_words.input",
            "target.output > target_words.input",
            "source_words.output > positions.input",
            "positions.output > encoder.input",
            "padding.output > encoder.mask",
            "target_words.output > decoder.target",
            "encoder.output > decoder.memory",
            "padding.output > decoder.memory_mask",
            "decoder.output > words.input",
            "words.output > output_1.input",
        ],
    )


def sequence_classifier() -> Project:
    """Return a GRU whose last step before the padding is classified."""
    return build_design(
        [
            *embedded_input("source", "tokens"),
            ("long", "input", {"role": "lengths"}),
            ("gru_1", "gru", {"hidden_size": 5, "bidirectional": True}),
            ("end", "last_step", {}),
            ("scores", "linear", {"out_features": 3}),
            ("output_1", "output", {}),
        ],
        [
            "source.output > source_words.input",
            "source_words.output > gru_1.input",
            "gru_1.sequence > end.input",
            "long.output > end.lengths",
            "end.output > scores.input",
            "scores.output > output_1.input",
        ],
    )


@pytest.mark.parametrize(
    ("project", "shape", "meaning"),
    [
        (translator(), (6, 20), "sequence"),
        (transformer(), (6, 20), "sequence"),
        (sequence_classifier(), (3,), "features"),
    ],
    ids=["translator", "transformer", "classifier"],
)
def test_inferred_signal_equals_the_computed_output(
    project: Project, shape: tuple[int, ...], meaning: str
) -> None:
    report = Checker().check(project, TEXTS)
    assert report.ok, report.problems
    assert report.nodes["output_1"].inputs["input"][0] == Signal(shape, "float32", meaning)
    component = compile_design(project, TEXTS).single
    result = component.module(*_samples(component.inputs))
    assert result.shape == (4, *shape)
    result.sum().backward()
    parameters = component.module.parameters()
    assert not [parameter for parameter in parameters if parameter.grad is None]


def _samples(bindings: Any) -> list[torch.Tensor]:
    samples = {
        "tokens": torch.randint(0, 20, (4, 9)),
        "target tokens": torch.randint(0, 20, (4, 6)),
        "mask": torch.rand(4, 9) < 0.3,
        "lengths": torch.randint(1, 9, (4,)),
    }
    return [samples[binding.role] for binding in bindings]


def test_states_are_passed_as_in_the_reference() -> None:
    component = compile_design(translator(), TEXTS).single
    module = component.module
    samples = _samples(component.inputs)
    by_role = {
        binding.role: sample for binding, sample in zip(component.inputs, samples, strict=True)
    }
    encoder, decoder = (nn.LSTM(8, 5, 2, batch_first=True) for _ in range(2))
    encoder.load_state_dict(module.get_submodule("encoder").state_dict())
    decoder.load_state_dict(module.get_submodule("decoder").state_dict())
    _, states = encoder(module.get_submodule("source_words")(by_role["tokens"]))
    hidden, _ = decoder(module.get_submodule("target_words")(by_role["target tokens"]), states)
    assert torch.equal(module(*samples), module.get_submodule("words")(hidden))


def vision_transformer(**settings: Any) -> Project:
    return chain(
        ("patches", "patch_embedding", {"width": 12, "patch_size": (2, 2)}),
        ("token", "class_token", {}),
        ("positions", "learned_positions", {"max_length": 17}),
        ("encoder", "transformer_encoder_layer", {"dim_feedforward": 24, "nhead": 3, **settings}),
        ("flatten_1", "flatten", {}),
        ("linear_1", "linear", {"out_features": 10}),
    )


def test_vision_transformer_saves_the_reported_bytes() -> None:
    report = Checker().check(vision_transformer(), IMAGES)
    assert report.ok, report.problems
    assert report.nodes["encoder"].outputs["output"] == Signal((17, 12), "float32", "sequence")
    module = compile_design(vision_transformer(), IMAGES).single.module
    weights = {storage_id(parameter) for parameter in module.parameters()}
    with saved_tensors() as saved:
        module(torch.randn(64, 1, 8, 8))
    saved_bytes = sum(
        storage.nbytes() for key, storage in saved.storages.items() if key not in weights
    )
    assert report.cost.activation_bytes * 64 == pytest.approx(saved_bytes, rel=0.05)


def test_fused_attention_without_dropout_saves_less_than_reported() -> None:
    report = Checker().check(vision_transformer(dropout=0.0), IMAGES)
    module = compile_design(vision_transformer(dropout=0.0), IMAGES).single.module
    with saved_tensors() as saved:
        module(torch.randn(64, 1, 8, 8))
    saved_bytes = sum(storage.nbytes() for storage in saved.storages.values())
    assert 0.5 * saved_bytes < report.cost.activation_bytes * 64 < 2 * saved_bytes


def test_reshape_turns_an_image_into_a_sequence_of_rows() -> None:
    project = chain(
        ("rows", "reshape", {"shape": (8, 8)}), ("positions", "sinusoidal_positions", {})
    )
    assert Checker().check(project, IMAGES).ok
