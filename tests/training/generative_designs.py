"""Small generative designs for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.design.model.values import Ref
from dlstudio.layers.registry import find
from dlstudio.training.specs.registry import TASKS

Layer = tuple[str, Mapping[str, Any]]
FEATURES = ("linear", {"out_features": Ref("features")})
ONE = ("linear", {"out_features": 1})


class DesignBuilder:
    """Builds a design node by node."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._edges: list[Edge] = []

    def add(self, kind: str, *sources: str, **settings: Any) -> str:
        """Add a node with inputs from `sources`; return its id, `KIND_NUMBER`."""
        number = 1 + sum(node.kind == kind for node in self._nodes.values())
        name = f"{kind}_{number}"
        self._nodes[name] = Node(name, kind, settings)
        for slot, source in enumerate(sources):
            self._edges.append(Edge(source, name, "output", first_input(kind), slot))
        return name

    def connect(self, source: str, target: str, port: str) -> None:
        """Connect a node to a named input of another."""
        self._edges.append(Edge(source, target, "output", port))

    def add_chain(self, start: str, layers: Iterable[Layer]) -> str:
        """Add a chain of layers; return the last one's id."""
        for kind, settings in layers:
            start = self.add(kind, start, **settings)
        return start

    def project(self, source: str, options: Mapping[str, Any], **training: Any) -> Project:
        """Return the project with a data source and training settings."""
        graph = Graph(self._nodes, {edge.key: edge for edge in self._edges})
        settings = TrainingSettings(**{"epochs": 2, "batch_size": 64, "seed": 5, **training})
        return Project(graph=graph, data=DataSettings(source, options), training=settings)


def first_input(kind: str) -> str:
    """Return the name of a kind's first input."""
    layer_kind = find(kind)
    assert layer_kind is not None
    return layer_kind.inputs[0].name


def gan_design(
    generator: Iterable[Layer] = (("linear", {"out_features": 16}), ("relu", {}), FEATURES),
    discriminator: Iterable[Layer] = (("linear", {"out_features": 16}), ("leaky_relu", {}), ONE),
    *,
    noise: str = "noise",
    **training: Any,
) -> Project:
    """Return a generator and a discriminator on a ring of 200 points."""
    builder = DesignBuilder()
    source = builder.add("input", role=noise, **({"shape": (4,)} if noise == "noise" else {}))
    builder.add("output", builder.add_chain(source, generator), role="generated sample")
    builder.add("output", builder.add_chain(builder.add("input"), discriminator), role="realness")
    defaults = {"task": "adversarial", "loss": "standard", "groups": TASKS["adversarial"].groups}
    return builder.project("ring", {"samples": 200}, **{**defaults, **training})


def conditional_gan_design(**training: Any) -> Project:
    """Return a generator and a discriminator that both receive the class."""
    builder = DesignBuilder()
    for role, shape, last, output_role in (
        ("noise", {"shape": (4,)}, FEATURES, "generated sample"),
        ("samples", {}, ONE, "realness"),
    ):
        source = builder.add("input", role=role, **shape)
        labels = builder.add("input", role="labels")
        table = builder.add("embedding", labels, num_embeddings=Ref("classes"), embedding_dim=4)
        merged = builder.add("concatenate", source, table)
        layers = [("linear", {"out_features": 16}), ("relu", {}), last]
        builder.add("output", builder.add_chain(merged, layers), role=output_role)
    defaults = {"task": "adversarial", "loss": "standard", "groups": TASKS["adversarial"].groups}
    return builder.project("ring", {"samples": 200}, **{**defaults, **training})


def diffusion_design(
    last: Layer = FEATURES,
    *,
    entries: int = 20,
    role: str = "predicted noise",
    time_input: bool = True,
    labels: int = 0,
    **training: Any,
) -> Project:
    """Return a network that predicts the noise in 200 points of two moons, with 20 time steps.

    Args:
        last: The last layer.
        entries: Size of the embedding of time steps.
        role: Role of the Output.
        time_input: Whether there is an Input for the time step.
        labels: Size of the embedding of classes; 0 for no label input.
        training: Training settings that override the defaults.
    """
    builder = DesignBuilder()
    branches = [builder.add("linear", builder.add("input"), out_features=32)]
    for input_role, size in (("time step", entries if time_input else 0), ("labels", labels)):
        if size:
            source = builder.add("input", role=input_role)
            branches.append(builder.add("embedding", source, num_embeddings=size, embedding_dim=32))
    merged = builder.add("add", *branches) if len(branches) > 1 else branches[0]
    end = builder.add_chain(
        merged, [("silu", {}), ("linear", {"out_features": 32}), ("silu", {}), last]
    )
    builder.add("output", end, role=role)
    defaults = {"task": "diffusion", "loss": "mse", "task_settings": {"steps": 20}}
    return builder.project("moons", {"samples": 200}, **{**defaults, **training})
