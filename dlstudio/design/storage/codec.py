"""Converts a project to the JSON values of a design file and back. Reads no files."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping
from typing import Any

from dlstudio.design.model.canvas_metrics import MAX_COORDINATE
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.identifiers import is_valid_id, split_id
from dlstudio.design.model.model import (
    TOP,
    Block,
    Edge,
    Graph,
    Layout,
    Node,
    Note,
    Parameter,
    Project,
    WeightsRef,
)
from dlstudio.design.model.training_settings import NO_CLASS_WEIGHTS, TrainingSettings
from dlstudio.design.model.values import one_line
from dlstudio.design.storage.dataclass_json import (
    check_type,
    from_json_value,
    read_dataclass,
    read_text,
    to_json_value,
)
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.json_text import quoted
from dlstudio.design.storage.migrations import FORMAT
from dlstudio.design.structure.wire_rules import WireReason, unreadable_wire

MAX_NODES = 100_000
MAX_ID_NUMBER = 1_000_000_000
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}", re.ASCII)
_WIRE_ERRORS = {
    WireReason.NO_NODE: "a wire ends at {node}, which does not exist",
    WireReason.BAD_END: "a wire of {node} has an invalid port name",
}


def encode(project: Project) -> dict[str, Any]:
    """Return the project as JSON values of the lowest format version that holds it."""
    return {
        "format": FORMAT,
        "version": _version(project),
        "title": project.title,
        "about": project.about,
        "graph": encode_graph(project.graph),
        "blocks": {block_id: encode_block(block) for block_id, block in project.blocks.items()},
        "layouts": {scope: encode_layout(layout) for scope, layout in project.layouts.items()},
        "data": _encode_data(project.data),
        "training": encode_training(project.training),
        "weights": to_json_value(project.weights) if project.weights else None,
        **_encode_used_ids(project),
    }


def _encode_used_ids(project: Project) -> dict[str, Any]:
    """Return the ids of removed nodes that the remaining ones do not show to be in use."""
    used: dict[str, dict[str, int]] = {}
    for scope in (TOP, *project.blocks):
        present: dict[str, int] = {}
        for stem, number in map(split_id, project.graph_at(scope).nodes):
            present[stem] = max(present.get(stem, 0), number)
        marks = {
            stem: number
            for stem, number in project.used_ids.get(scope, {}).items()
            if number > present.get(stem, 0)
        }
        if marks:
            used[scope] = marks
    return {"used_ids": used} if used else {}


def _decode_used_ids(plain: Mapping[str, Any]) -> Mapping[str, Mapping[str, int]]:
    expected = Mapping[str, Mapping[str, int]]
    used: dict[str, dict[str, int]] = from_json_value(
        expected, plain.get("used_ids", {}), "used_ids"
    )
    for number in (number for marks in used.values() for number in marks.values()):
        if not 0 <= number <= MAX_ID_NUMBER:
            raise FileError(f"used_ids: {number} is not between 0 and {MAX_ID_NUMBER}")
    return used


def _version(project: Project) -> int:
    """Return the lowest format version that holds the project."""
    training, data = project.training, project.data
    additions = (
        training.has_automatic,
        training.keep_best,
        training.class_weights != NO_CLASS_WEIGHTS,
        training.class_weight_values,
        training.early_stopping.automatic,
        data.standardise_target,
        data.facts is not None
        and (data.facts.rules > 1 or data.facts.class_counts or data.facts.label_names),
        _has_newer_options(data),
        _encode_used_ids(project),
    )
    return 2 if any(additions) else 1


def _has_newer_options(data: DataSettings) -> bool:
    """Whether a table is read in a way that the first version did not know."""
    uses = data.options.get("columns")
    has_calendar = isinstance(uses, Mapping) and "calendar" in uses.values()
    return has_calendar or data.options.get("gaps", "fill") != "fill"


def encode_training(training: TrainingSettings) -> dict[str, Any]:
    """Return training settings; later additions are omitted at their default."""
    plain: dict[str, Any] = to_json_value(training)
    if not training.keep_best:
        del plain["keep_best"]
    if training.class_weights == NO_CLASS_WEIGHTS:
        del plain["class_weights"]
    if not training.class_weight_values:
        del plain["class_weight_values"]
    if not training.early_stopping.automatic:
        del plain["early_stopping"]["automatic"]
    return plain


def _encode_data(data: DataSettings) -> dict[str, Any]:
    """Return data settings; later additions are omitted at their default, as in the first files."""
    plain: dict[str, Any] = to_json_value(data)
    if not data.split.most:
        del plain["split"]["most"]
    if not data.standardise_target:
        del plain["standardise_target"]
    if data.facts is not None and data.facts.rules == 1:
        del plain["facts"]["rules"]
    if data.facts is not None and not data.facts.class_counts:
        del plain["facts"]["class_counts"]
    if data.facts is not None and not data.facts.label_names:
        del plain["facts"]["label_names"]
    return plain


def decode(plain: Mapping[str, Any]) -> Project:
    """Return the project of JSON values of the current format version.

    Raises:
        FileError: A value has the wrong type, or references are broken.
    """
    blocks = _read_object(plain, "blocks", "blocks")
    layouts = _read_object(plain, "layouts", "layouts")
    graph = decode_graph(plain.get("graph", {}), "graph")
    decoded = {block_id: decode_block(block_id, value) for block_id, value in blocks.items()}
    graphs = {TOP: graph, **{block_id: block.graph for block_id, block in decoded.items()}}
    decoded_layouts = {
        scope: decode_layout(value, graphs[scope])
        for scope, value in layouts.items()
        if scope in graphs
    }
    return Project(
        graph=graph,
        blocks=decoded,
        layouts={scope: layout for scope, layout in decoded_layouts.items() if layout != Layout()},
        data=read_dataclass(DataSettings, plain.get("data", {}), "data"),
        training=read_dataclass(TrainingSettings, plain.get("training", {}), "training"),
        weights=from_json_value(WeightsRef | None, plain.get("weights"), "weights"),
        title=one_line(read_text(plain.get("title", ""), "title")),
        about=read_text(plain.get("about", ""), "about"),
        used_ids=_decode_used_ids(plain),
    )


def encode_graph(graph: Graph) -> dict[str, Any]:
    """Return a graph; values at their default are omitted."""
    edges = sorted(graph.edges.values(), key=lambda edge: edge.key)
    return {
        "nodes": {
            node_id: _without_defaults(node, {"id"}) for node_id, node in graph.nodes.items()
        },
        "edges": [_without_defaults(edge) for edge in edges],
    }


def decode_graph(plain: Any, where: str) -> Graph:
    """Return a graph; ids are valid and every wire has both ends."""
    check_type(plain, dict, where)
    encoded_nodes = _read_object(plain, "nodes", f"{where}.nodes")
    if len(encoded_nodes) > MAX_NODES:
        raise FileError(f"it contains {len(encoded_nodes)} layers; the limit is {MAX_NODES}")
    nodes = {
        node_id: _decode_node(node_id, value, where) for node_id, value in encoded_nodes.items()
    }
    wires = plain.get("edges", [])
    check_type(wires, list, f"{where}.edges")
    edges: dict[str, Edge] = {}
    for number, value in enumerate(wires):
        edge: Edge = read_dataclass(Edge, value, f"{where}.edges[{number}]")
        refusal = unreadable_wire(nodes, edge)
        if refusal is not None:
            text = _WIRE_ERRORS[refusal.reason].format(node=quoted(refusal.node))
            raise FileError(f"{where}: {text}")
        edges[edge.key] = edge
    return Graph(nodes, edges)


def encode_block(block: Block) -> dict[str, Any]:
    """Return a block definition as JSON values."""
    return {
        "title": block.title,
        "help": block.help,
        "parameters": to_json_value(block.parameters),
        "graph": encode_graph(block.graph),
    }


def decode_block(block_id: str, plain: Any) -> Block:
    """Return the block definition in JSON values."""
    where = f"blocks.{_checked_id(block_id, 'blocks')}"
    check_type(plain, dict, where)
    return Block(
        block_id,
        one_line(read_text(plain.get("title", ""), f"{where}.title")),
        from_json_value(tuple[Parameter, ...], plain.get("parameters", []), f"{where}.parameters"),
        decode_graph(plain.get("graph", {}), f"{where}.graph"),
        read_text(plain.get("help", ""), f"{where}.help"),
    )


def encode_layout(layout: Layout) -> dict[str, Any]:
    """Return a layout as JSON values."""
    return {
        "positions": to_json_value(layout.positions),
        "notes": {
            note_id: _without_defaults(note, {"id"}) for note_id, note in layout.notes.items()
        },
        "colours": to_json_value(layout.colours),
    }


def decode_layout(plain: Any, graph: Graph) -> Layout:
    """Return a layout; positions of nodes that do not exist are dropped."""
    check_type(plain, dict, "layouts")
    positions = from_json_value(
        Mapping[str, tuple[float, float]], plain.get("positions", {}), "layouts.positions"
    )
    notes = {
        _checked_id(note_id, "notes"): read_dataclass(Note, value, f"notes.{note_id}", id=note_id)
        for note_id, value in _read_object(plain, "notes", "layouts.notes").items()
    }
    corners = [*positions.values(), *((note.x, note.y) for note in notes.values())]
    sizes = [(note.width, note.height) for note in notes.values()]
    if any(max(abs(x), abs(y)) > MAX_COORDINATE for x, y in corners + sizes):
        raise FileError("a card or note is outside the canvas")
    colours = from_json_value(Mapping[str, str], plain.get("colours", {}), "layouts.colours")
    return Layout(
        {node_id: position for node_id, position in positions.items() if node_id in graph.nodes},
        notes,
        {node_id: colour for node_id, colour in colours.items() if node_id in graph.nodes},
    )


def _decode_node(node_id: str, plain: Any, where: str) -> Node:
    _checked_id(node_id, where)
    node: Node = read_dataclass(Node, plain, f"{where}.nodes.{node_id}", id=node_id)
    if not _KIND.fullmatch(node.kind):
        raise FileError(f"{where}: {quoted(node.kind)} is not a valid layer kind")
    title = one_line(node.title)
    return Node(node.id, node.kind, node.settings, title, node.weights_from)


def _checked_id(text: str, where: str) -> str:
    if not is_valid_id(text):
        raise FileError(f"{where}: {quoted(text)} is not a valid name; use letters, digits and _")
    return text


def _read_object(plain: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    objects = plain.get(name, {})
    check_type(objects, dict, where)
    return dict(objects)


def _without_defaults(record: Any, omitted: Collection[str] = ()) -> dict[str, Any]:
    """Return a record without `omitted` and without fields at their default."""
    plain = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        factory = field.default_factory
        default = field.default if factory is dataclasses.MISSING else factory()
        if field.name not in omitted and value != default:
            plain[field.name] = to_json_value(value)
    return plain
