"""Small designs that make samples out of noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dlstudio.design.data_settings import DataSettings
from dlstudio.design.model import Edge, Graph, Node, Project
from dlstudio.design.training_settings import TrainingSettings
from dlstudio.design.values import Ref
from dlstudio.layers.registry import find
from dlstudio.training.task_table import TASKS

Layer = tuple[str, Mapping[str, Any]]
FEATURES = ("linear", {"out_features": Ref("features")})
ONE = ("linear", {"out_features": 1})


class Drawing:
    """Nodes and wires, put down one after the other."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._edges: list[Edge] = []

    def add(self, kind: str, *sources: str, **settings: Any) -> str:
        """Add a node fed by `sources`; return its id, `KIND_NUMBER`."""
        number = 1 + sum(node.kind == kind for node in self._nodes.values())
        name = f"{kind}_{number}"
        self._nodes[name] = Node(name, kind, settings)
        for slot, source in enumerate(sources):
            self._edges.append(Edge(source, name, "output", found_port(kind), slot))
        return name

    def row(self, start: str, layers: Iterable[Layer]) -> str:
        """Add layers one behind the other; return the last one's id."""
        for kind, settings in layers:
            start = self.add(kind, start, **settings)
        return start

    def project(self, source: str, options: Mapping[str, Any], **training: Any) -> Project:
        """Return the project on a data source."""
        graph = Graph(self._nodes, {edge.key: edge for edge in self._edges})
        settings = TrainingSettings(**{"epochs": 2, "batch_size": 64, "seed": 5, **training})
        return Project(graph=graph, data=DataSettings(source, options), training=settings)


def found_port(kind: str) -> str:
    """Return the name of a kind's first input."""
    found = find(kind)
    assert found is not None
    return found.inputs[0].name


def duel(
    making: Iterable[Layer] = (("linear", {"out_features": 16}), ("relu", {}), FEATURES),
    judging: Iterable[Layer] = (("linear", {"out_features": 16}), ("leaky_relu", {}), ONE),
    *,
    noise: str = "noise",
    **training: Any,
) -> Project:
    """Return a generator and a discriminator on a ring of 200 points."""
    drawing = Drawing()
    door = drawing.add("input", role=noise, **({"shape": (4,)} if noise == "noise" else {}))
    drawing.add("output", drawing.row(door, making), role="generated sample")
    drawing.add("output", drawing.row(drawing.add("input"), judging), role="realness")
    given = {"task": "adversarial", "loss": "standard", "groups": TASKS["adversarial"].groups}
    return drawing.project("ring", {"samples": 200}, **{**given, **training})


def labelled_duel(**training: Any) -> Project:
    """Return a generator and a discriminator that are both told the class."""
    drawing = Drawing()
    for role, shape, last, answer in (
        ("noise", {"shape": (4,)}, FEATURES, "generated sample"),
        ("samples", {}, ONE, "realness"),
    ):
        given = drawing.add("input", role=role, **shape)
        labels = drawing.add("input", role="labels")
        table = drawing.add("embedding", labels, num_embeddings=Ref("classes"), embedding_dim=4)
        joined = drawing.add("concatenate", given, table)
        layers = [("linear", {"out_features": 16}), ("relu", {}), last]
        drawing.add("output", drawing.row(joined, layers), role=answer)
    given = {"task": "adversarial", "loss": "standard", "groups": TASKS["adversarial"].groups}
    return drawing.project("ring", {"samples": 200}, **{**given, **training})


def denoiser(
    last: Layer = FEATURES,
    *,
    entries: int = 20,
    role: str = "predicted noise",
    clock: bool = True,
    labels: int = 0,
    **training: Any,
) -> Project:
    """Return a network that tells the noise in 200 points of two moons, in 20 time steps.

    Args:
        last: The last layer.
        entries: Of the table of time steps.
        role: Of the Output.
        clock: Whether there is an Input for the time step.
        labels: Entries of a table of classes; 0 leaves labels out.
        training: Settings, which take the place of the usual ones.
    """
    drawing = Drawing()
    parts = [drawing.add("linear", drawing.add("input"), out_features=32)]
    for door, size in (("time step", entries if clock else 0), ("labels", labels)):
        if size:
            given = drawing.add("input", role=door)
            parts.append(drawing.add("embedding", given, num_embeddings=size, embedding_dim=32))
    joined = drawing.add("add", *parts) if len(parts) > 1 else parts[0]
    end = drawing.row(joined, [("silu", {}), ("linear", {"out_features": 32}), ("silu", {}), last])
    drawing.add("output", end, role=role)
    given = {"task": "diffusion", "loss": "mse", "task_settings": {"steps": 20}}
    return drawing.project("moons", {"samples": 200}, **{**given, **training})
