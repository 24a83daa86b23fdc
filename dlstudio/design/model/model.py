"""The document as frozen values: graph, blocks, layout and the project that joins them.

Mappings in here are never changed in place: an edit builds a new one. Knows no torch, no Qt and no
layer kind: a kind is only a word here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.design.model.values import Value

TOP = ""
"""The scope of the top level; any other scope is the id of a block."""

BLOCK = "block"
"""The kind of a block's placement. Its ports are named by the block's inner end nodes."""
BLOCK_INPUT = "block_input"
"""The kind of an inner node that brings in, at its port `output`, what is wired to the block."""
BLOCK_OUTPUT = "block_output"
"""The kind of an inner node that hands on what is wired to its port `input`."""


@dataclass(frozen=True, slots=True)
class Node:
    """One layer, block placement, input or output.

    Attributes:
        id: Generated identifier (`conv2d_1`), valid as a submodule's name.
        kind: Name of a layer kind, or `block`, `block_input`, `block_output`.
        settings: Only what differs from the kind's defaults need be here.
        title: Free text shown instead of the kind's title.
        weights_from: Path of the node whose weights this one shares.
    """

    id: str
    kind: str
    settings: Mapping[str, Value] = field(default_factory=dict)
    title: str = ""
    weights_from: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """A wire from an output port to an input port; `slot` orders the wires of a variadic port."""

    source: str
    target: str
    source_port: str = "output"
    target_port: str = "input"
    slot: int = 0

    @property
    def key(self) -> str:
        """The wire's identity within its graph."""
        return f"{self.source}.{self.source_port}>{self.target}.{self.target_port}#{self.slot}"


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Graph:
    """Nodes by id and wires by key: all that the network's meaning depends on."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A block's parameter, set for each placement."""

    name: str
    default: Value
    help: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A named sub-graph; its ports are the ids of its `block_input` and `block_output` nodes.

    A placement is a node of kind `block` with the settings `block` (the id), `repeat`, `share`
    (whether the repeats share weights), `each_step` (whether it is applied to every time step of
    sequences) and `values` (parameter name to value).
    """

    id: str
    title: str
    parameters: tuple[Parameter, ...] = ()
    graph: Graph = field(default_factory=Graph)
    help: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A sticky note on the canvas; position and size in scene units."""

    id: str
    text: str
    x: float = 0.0
    y: float = 0.0
    width: float = 220.0
    height: float = 96.0
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand on one canvas. It never changes what the network means.

    Attributes:
        positions: Node id to the top left corner of its card, in scene units.
        notes: Notes by id.
        colours: Node id to a colour chosen by the user.
    """

    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WeightsRef:
    """Trained weights in a safetensors file beside the design.

    Attributes:
        file: Path relative to the design's folder.
        fingerprint: `sha256:` and the hex digest of the file.
    """

    file: str
    fingerprint: str


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Project:
    """Everything a design file holds.

    Attributes:
        graph: The network's top level.
        blocks: Block definitions by id.
        layouts: Layout by scope: `TOP` or a block's id.
        about: A few lines for the reader: what it is, what to notice.
    """

    graph: Graph = field(default_factory=Graph)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    data: DataSettings = field(default_factory=DataSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    weights: WeightsRef | None = None
    title: str = ""
    about: str = ""

    def graph_at(self, scope: str = TOP) -> Graph:
        """Return the graph of the top level or of a block; KeyError for an unknown block."""
        return self.graph if scope == TOP else self.blocks[scope].graph

    def layout_at(self, scope: str = TOP) -> Layout:
        """Return the layout of a scope, an empty one where nothing was placed yet."""
        return self.layouts.get(scope, _NO_LAYOUT)

    def with_graph(self, graph: Graph, scope: str = TOP) -> Project:
        """Return the project with one scope's graph exchanged."""
        if scope == TOP:
            return replace(self, graph=graph)
        block = replace(self.blocks[scope], graph=graph)
        return replace(self, blocks={**self.blocks, scope: block})

    def with_layout(self, layout: Layout, scope: str = TOP) -> Project:
        """Return the project with one scope's layout exchanged; an empty one is not kept."""
        if layout == _NO_LAYOUT:
            layouts = {
                other: other_layout
                for other, other_layout in self.layouts.items()
                if other != scope
            }
            return replace(self, layouts=layouts)
        return replace(self, layouts={**self.layouts, scope: layout})


_NO_LAYOUT = Layout()
