"""Random valid designs, built layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from dlstudio.design.model.model import Edge, Graph, Node, Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.network.check.inference import Checker
from tests.network.design_builders import IMAGES, ROWS

SEQUENCES = DatasetInfo(inputs={"samples": Signal((4, 10), "float32", "sequence")})
DATA = (ROWS, IMAGES, SEQUENCES)

few = st.integers(1, 6)
axis = st.integers(-2, 1)
pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
SETTINGS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "linear": {"out_features": few, "bias": st.booleans()},
    "conv1d": {"out_channels": few, "kernel_size": st.integers(1, 3)},
    "conv2d": {"out_channels": few, "kernel_size": pair, "stride": pair, "padding": pair},
    "depthwise_conv2d": {"channel_multiplier": st.integers(1, 2), "kernel_size": pair},
    "separable_conv2d": {"out_channels": few, "kernel_size": pair},
    "conv_transpose1d": {"out_channels": few, "kernel_size": st.integers(1, 3)},
    "conv_transpose2d": {"out_channels": few, "kernel_size": pair},
    "max_pool1d": {"kernel_size": st.integers(1, 2)},
    "max_pool2d": {"kernel_size": pair},
    "avg_pool2d": {"kernel_size": pair},
    "lp_pool2d": {"kernel_size": pair},
    "adaptive_avg_pool2d": {"output_size": pair},
    "adaptive_max_pool1d": {"output_size": st.integers(1, 3)},
    "global_avg_pool": {},
    "global_max_pool": {},
    "batch_norm1d": {},
    "batch_norm2d": {},
    "layer_norm": {},
    "dropout": {"p": st.floats(0, 0.9)},
    "dropout2d": {},
    "relu": {},
    "leaky_relu": {},
    "elu": {},
    "gelu": {},
    "silu": {},
    "sigmoid": {},
    "tanh": {},
    "softmax": {},
    "flatten": {},
    "upsample": {"scale_factor": st.sampled_from((0.5, 1.5, 2.0))},
    "pixel_shuffle": {"upscale_factor": st.integers(1, 2)},
    "zero_pad2d": {"padding": st.integers(0, 2)},
    "reflection_pad1d": {"padding": st.integers(0, 2)},
    "crop2d": {"cropping": st.integers(0, 1), "size": st.none() | pair},
    "identity": {},
    "mean": {"axis": axis, "keepdim": st.booleans()},
    "max": {"axis": axis, "keepdim": st.booleans()},
    "slice": {"axis": axis, "start": st.integers(-2, 2)},
    "select": {"axis": axis},
    "flip": {"axis": axis},
    "squeeze": {},
    "unsqueeze": {"axis": axis},
    "repeat": {"axis": axis, "times": few},
    "l2_normalise": {"axis": axis},
    "scale": {"axis": axis, "initial": st.floats(-2, 2)},
    "shift": {},
}
MERGES = ("add", "multiply", "concatenate", "stack")

_checker = Checker()


def is_accepted(project: Project, facts: DatasetInfo, node: str) -> bool:
    """Whether the checker infers the outputs of a node."""
    return bool(_checker.check(project, facts).nodes[node].outputs)


@st.composite
def designs(draw: Callable[..., Any], max_layers: int = 10) -> tuple[Project, DatasetInfo]:
    """Draw a valid design with an Output after every open end, and its dataset info."""
    facts = draw(st.sampled_from(DATA))
    nodes, edges = {"input_1": Node("input_1", "input")}, {}
    for number in range(draw(st.integers(1, max_layers))):
        kind = draw(st.sampled_from([*SETTINGS, *MERGES]))
        name = f"{kind}_{number}"
        count = draw(st.integers(2, 3)) if kind in MERGES else 1
        sources = [draw(st.sampled_from(list(nodes))) for _ in range(count)]
        settings = draw(st.fixed_dictionaries({}, optional=SETTINGS.get(kind, {})))
        port = "inputs" if kind in MERGES else "input"
        wires = [Edge(source, name, "output", port, slot) for slot, source in enumerate(sources)]
        new_nodes = {**nodes, name: Node(name, kind, settings)}
        new_edges = {**edges, **{wire.key: wire for wire in wires}}
        if is_accepted(Project(graph=Graph(new_nodes, new_edges)), facts, name):
            nodes, edges = new_nodes, new_edges
    return Project(graph=_with_outputs(nodes, edges)), facts


def _with_outputs(nodes: Mapping[str, Node], edges: Mapping[str, Edge]) -> Graph:
    sources = {edge.source for edge in edges.values()}
    nodes, edges = dict(nodes), dict(edges)
    for number, end in enumerate([node_id for node_id in nodes if node_id not in sources]):
        output = Node(f"output_{number}", "output")
        wire = Edge(end, output.id)
        nodes[output.id], edges[wire.key] = output, wire
    return Graph(nodes, edges)
