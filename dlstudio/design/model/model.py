"""The document as frozen values: graph, blocks, layout and the project that contains them.

Mappings are never changed in place: an edit builds new ones. Imports no torch, no Qt and no layer
kind: a kind is only a name here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.training_settings import AUTOMATIC, TrainingSettings
from dlstudio.design.model.values import Value

TOP = ""
"""The scope of the top level; every other scope is a block id."""

BLOCK = "block"
"""The kind of a placed block. Its ports are named by the ids of the block's inner end nodes."""
BLOCK_INPUT = "block_input"
"""The kind of an inner node whose port `output` supplies a block input."""
BLOCK_OUTPUT = "block_output"
"""The kind of an inner node whose port `input` receives a block output."""


@dataclass(frozen=True, slots=True)
class Node:
    """A layer, placed block, input or output.

    Attributes:
        id: Generated identifier (`conv2d_1`), valid as a submodule name.
        kind: Name of a layer kind, or `block`, `block_input`, `block_output`.
        settings: May omit settings that have the kind's default.
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
    """A connection from an output port to an input port; `slot` orders those of a variadic port."""

    source: str
    target: str
    source_port: str = "output"
    target_port: str = "input"
    slot: int = 0

    @property
    def key(self) -> str:
        """Identifier that is unique within the graph."""
        return f"{self.source}.{self.source_port}>{self.target}.{self.target_port}#{self.slot}"


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Graph:
    """Nodes by id and edges by key: everything that determines what the network computes."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A block parameter; each placement may give it a value."""

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
    """Positions, notes and colours of one canvas. They do not affect what the network computes.

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
    """The content of a design file.

    Attributes:
        graph: The top level of the network.
        blocks: Block definitions by id.
        layouts: Layout by scope: `TOP` or a block id.
        about: A few lines for the reader: what the design shows and what to look for.
        used_ids: By scope and stem, the highest number of the ids of removed nodes (0 for an id
            without one), so that a new node never gets the id, and with it the trained weights,
            of a removed one. Two designs that differ only in this are equal.
    """

    graph: Graph = field(default_factory=Graph)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    layouts: Mapping[str, Layout] = field(default_factory=dict)
    data: DataSettings = field(default_factory=DataSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    weights: WeightsRef | None = None
    title: str = ""
    about: str = ""
    used_ids: Mapping[str, Mapping[str, int]] = field(default_factory=dict, compare=False)

    def graph_at(self, scope: str = TOP) -> Graph:
        """Return the graph of the top level or of a block; KeyError for an unknown block."""
        return self.graph if scope == TOP else self.blocks[scope].graph

    def layout_at(self, scope: str = TOP) -> Layout:
        """Return the layout of a scope, empty if nothing has been placed."""
        return self.layouts.get(scope, _NO_LAYOUT)

    def with_graph(self, graph: Graph, scope: str = TOP) -> Project:
        """Return the project with the graph of one scope replaced."""
        if scope == TOP:
            return replace(self, graph=graph)
        block = replace(self.blocks[scope], graph=graph)
        return replace(self, blocks={**self.blocks, scope: block})

    def with_layout(self, layout: Layout, scope: str = TOP) -> Project:
        """Return the project with the layout of one scope replaced; an empty one is dropped."""
        if layout == _NO_LAYOUT:
            layouts = {
                other: other_layout
                for other, other_layout in self.layouts.items()
                if other != scope
            }
            return replace(self, layouts=layouts)
        return replace(self, layouts={**self.layouts, scope: layout})


_NO_LAYOUT = Layout()


def new_project() -> Project:
    """Return an empty design, with settings that suit a first network.

    Epochs, batch size and learning rates are automatic, the best epoch is kept, and the target of
    a regression is standardised.
    """
    return Project(data=DataSettings(standardise_target=True), training=AUTOMATIC)
