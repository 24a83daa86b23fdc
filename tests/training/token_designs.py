"""Small designs for tokens, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.training_settings import Optimiser
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.readiness.check import check_project
from dlstudio.training.tasks.core.objective import Objective
from dlstudio.training.tasks.registry import create_objective
from tests.training.training_designs import Layer, chain, with_optimiser

EMBEDDING: Layer = ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 16})
SCORES: Layer = ("linear", {"out_features": Ref("vocabulary")})
GRU_LAYERS: Sequence[Layer] = (EMBEDDING, ("gru", {"hidden_size": 32}), SCORES)
BIDIRECTIONAL_LAYERS: Sequence[Layer] = (
    EMBEDDING,
    ("gru", {"hidden_size": 24, "bidirectional": True}),
    SCORES,
)


def token_design(
    layers: Sequence[Layer], data: DataSettings, role: str = "next token", **training: Any
) -> Project:
    """Return a chain from a token Input to an Output of this role."""
    project = chain(layers, **training)
    nodes = dict(project.graph.nodes)
    nodes["input_1"] = replace(nodes["input_1"], settings={"role": "tokens"})
    nodes["output_1"] = replace(nodes["output_1"], settings={"role": role})
    project = replace(project, graph=replace(project.graph, nodes=nodes), data=data)
    return with_optimiser(project, Optimiser("adam", 0.01))


def encoder_decoder_design(
    data: DataSettings, *, bidirectional: bool = False, **training: Any
) -> Project:
    """Return an encoder whose final state initialises a decoder."""
    nodes = [
        Node("input_1", "input", {"role": "tokens"}),
        Node("input_2", "input", {"role": "target tokens"}),
        Node("embedding_1", *EMBEDDING),
        Node("embedding_2", *EMBEDDING),
        Node("gru_1", "gru", {"hidden_size": 64}),
        Node("gru_2", "gru", {"hidden_size": 64, "bidirectional": bidirectional}),
        Node("linear_1", *SCORES),
        Node("output_1", "output", {"role": "next token"}),
    ]
    edges = [
        Edge("input_1", "embedding_1"), Edge("input_2", "embedding_2"),
        Edge("embedding_1", "gru_1"), Edge("embedding_2", "gru_2"),
        Edge("gru_1", "gru_2", "hidden", "hidden"),
        Edge("gru_2", "linear_1", "sequence"), Edge("linear_1", "output_1"),
    ]  # fmt: skip
    project = chain((), task="sequence-to-sequence", **training)
    graph = Graph({node.id: node for node in nodes}, {edge.key: edge for edge in edges})
    return with_optimiser(replace(project, graph=graph, data=data), Optimiser("adam", 0.01))


def build_objective(project: Project) -> Objective:
    """Return the objective of the compiled network, in evaluation mode."""
    compiled = compile_design(project, info_of(project.data))
    compiled.module.eval()
    return create_objective(project.training, compiled)


def problem_codes(project: Project) -> list[str]:
    """Return the codes of all problems of a design."""
    return [problem.code for problem in check_project(project, Checker()).problems]
