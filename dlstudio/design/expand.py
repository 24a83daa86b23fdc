"""A design with its blocks written out: one flat set of nodes with dotted paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.model import (
    BLOCK,
    BLOCK_INPUT,
    BLOCK_OUTPUT,
    TOP,
    Block,
    Edge,
    Graph,
    Node,
    Project,
)
from dlstudio.design.problems import Problem, Repair, Severity
from dlstudio.design.references import resolve
from dlstudio.design.values import Value

FOLD, UNFOLD = "fold steps", "unfold steps"
"""Kinds of what stands around a block for each time step; no design file can hold these words."""
MOST_NODES = 20_000
"""More layers than this are refused: nested repeats multiply."""


_NO_SETTINGS: Mapping[str, Value] = {}
_SWITCHES = {"share": "Share weights", "each_step": "For each time step"}
"""Settings of a placement that are on or off, as its form calls them."""


@dataclass(frozen=True, slots=True)
class FlatNode:
    """One layer of the written-out network.

    Attributes:
        path: Dotted path, the submodule's target: `residual_1.0.conv2d_1`.
        node: The node as designed; a shared repeat has `weights_from` set to the first one's path.
        numbers: Values of the block parameters around it.
        scope: The scope the node is edited in: `TOP` or a block's id.
        owner: Path of the placement that holds it, empty at the top level: `residual_1`.
        steps: Paths of what folds the time steps that the node sees one by one, outermost first.
    """

    path: str
    node: Node
    numbers: Mapping[str, int] = field(default_factory=dict)
    scope: str = TOP
    owner: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expanded:
    """The written-out network: nodes by path, and wires whose ends are paths.

    Attributes:
        places: What stands before the ids of each placed block where it is written first:
            `residual_1.0.`.
    """

    nodes: Mapping[str, FlatNode]
    edges: tuple[Edge, ...]
    problems: tuple[Problem, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)


def expand(project: Project, numbers: Mapping[str, int] | None = None) -> Expanded:
    """Return the network with every block written out.

    Args:
        project: The design.
        numbers: What a placement's values may refer to besides block parameters: data facts.
    """
    nodes = project.graph.nodes
    if not any(node.kind == BLOCK for node in nodes.values()):
        flat = {node_id: FlatNode(node_id, node) for node_id, node in nodes.items()}
        return Expanded(flat, tuple(project.graph.edges.values()))
    expander = _Writer(project.blocks, numbers or {})
    expander.write(project.graph, _Place())
    edges, problems = tuple(expander.joined()), tuple(expander.problems)
    return Expanded(expander.nodes, edges, problems, expander.places)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a graph is being written: the path before its ids, and what is known there."""

    prefix: str = ""
    scope: str = TOP
    owner: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)
    around: tuple[str, ...] = ()
    shared_with: str = ""
    steps: tuple[str, ...] = ()


def step_path(placement: str, block: Block, port: str, kind: str) -> str:
    """Return where a port of a placement for each time step is folded or unfolded."""
    name = f"{kind.replace(' ', '_')}_{port}"
    while name in block.graph.nodes:
        name += "_"
    return f"{placement}.{name}"


class _Writer:
    """Collects the written-out nodes; block ends are bridged at the end."""

    def __init__(self, blocks: Mapping[str, Block], facts: Mapping[str, int]) -> None:
        self.blocks = blocks
        self.facts = facts
        self.nodes: dict[str, FlatNode] = {}
        self.problems: list[Problem] = []
        self.places: dict[str, str] = {}
        self._edges: list[Edge] = []
        self._ends: set[str] = set()
        self._full = False

    def write(self, graph: Graph, place: _Place) -> None:
        """Write a graph's nodes and wires below the place's prefix."""
        entries: dict[str, dict[str, list[str]]] = {}
        exits: dict[str, dict[str, str]] = {}
        for node in graph.nodes.values():
            path = place.prefix + node.id
            if node.kind == BLOCK:
                entries[node.id], exits[node.id] = self._write_block(node, path, place)
            elif node.kind in {BLOCK_INPUT, BLOCK_OUTPUT} and place.scope != TOP:
                self._ends.add(path)
            else:
                self._write_node(node, path, place)
        for edge in graph.edges.values():
            self._write_edge(edge, place.prefix, entries, exits)

    def joined(self) -> Iterator[Edge]:
        """Yield the wires between layers, led through the ends of blocks."""
        feeding = {edge.target: edge for edge in self._edges if edge.target in self._ends}
        for edge in self._edges:
            if edge.target in self._ends:
                continue
            origin, visited = edge, set[str]()
            while origin.source in self._ends and origin.source not in visited:
                visited.add(origin.source)
                origin = feeding.get(origin.source, origin)
            if origin.source not in self._ends:
                yield replace(edge, source=origin.source, source_port=origin.source_port)

    def _write_node(self, node: Node, path: str, place: _Place) -> None:
        if len(self.nodes) >= MOST_NODES:
            if not self._full:
                text = f"Written out, the blocks hold more than {MOST_NODES} layers. Repeat less."
                self._report(path, "too-many-layers", text, "Too many layers")
            self._full = True
            return
        if place.shared_with:
            node = replace(node, weights_from=place.shared_with + (node.weights_from or node.id))
        elif node.weights_from and place.prefix:
            node = replace(node, weights_from=place.prefix + node.weights_from)
        self.nodes[path] = FlatNode(
            path, node, place.numbers, place.scope, place.owner, place.steps
        )

    def _write_edge(
        self,
        edge: Edge,
        prefix: str,
        entries: Mapping[str, Mapping[str, list[str]]],
        exits: Mapping[str, Mapping[str, str]],
    ) -> None:
        source, port = prefix + edge.source, edge.source_port
        if edge.source in exits:
            source, port = exits[edge.source].get(port, ""), "output"
        targets, target_port = [prefix + edge.target], edge.target_port
        if edge.target in entries:
            targets, target_port = entries[edge.target].get(target_port, []), "input"
        if source:
            self._edges += [
                Edge(source, target, port, target_port, edge.slot) for target in targets
            ]

    def _write_block(
        self, node: Node, path: str, place: _Place
    ) -> tuple[dict[str, list[str]], dict[str, str]]:
        """Write a placement; return the paths behind its input ports and its output ports."""
        block = self.blocks.get(str(node.settings.get("block")))
        inner = self._inside(node, path, place, block)
        if block is None or inner is None or self._full:
            return {}, {}
        ins = [n.id for n in block.graph.nodes.values() if n.kind == BLOCK_INPUT]
        outs = [n.id for n in block.graph.nodes.values() if n.kind == BLOCK_OUTPUT]
        repeat = self._repeat(node, path, place)
        self._check_switches(node, path, place, block)
        entering: dict[str, list[str]] = {port: [] for port in ins}
        if repeat > 1 and not (ins and outs):
            text = f"{block.title} can only be repeated if it has an input and an output."
            self._report(path, "bad-repeat", text, "Cannot be repeated")
            repeat = 1
        stepwise = self._is_stepwise(node, path, block, ins, outs)
        if stepwise:
            inner = replace(inner, steps=(*place.steps, step_path(path, block, ins[0], FOLD)))
        share = node.settings.get("share") is True
        for number in range(repeat):
            prefix = f"{path}.{number}." if repeat > 1 else f"{path}."
            first = f"{path}.0." if share and number else prefix
            if place.shared_with:
                first = place.shared_with + first.removeprefix(place.prefix)
            shared_with = first if first != prefix else ""
            self.places.setdefault(block.id, prefix)
            self.write(block.graph, replace(inner, prefix=prefix, shared_with=shared_with))
            if number:
                before = f"{path}.{number - 1}."
                self._edges.append(Edge(before + outs[0], prefix + ins[0]))
            for port in ins if not number else ins[1:]:
                entering[port].append(prefix + port)
            if self._full:
                break
        leaving = {port: prefix + port for port in outs}
        if stepwise:
            return self._write_steps(node, path, place, block, (entering, leaving))
        return entering, leaving

    def _is_stepwise(
        self, node: Node, path: str, block: Block, ins: list[str], outs: list[str]
    ) -> bool:
        """Whether a placement is applied to each time step, which needs both ends."""
        if node.settings.get("each_step") is not True:
            return False
        if not (ins and outs):
            text = (
                f"{block.title} can only be applied to each time step if it has an input and an "
                "output."
            )
            self._report(path, "bad-steps", text, "Cannot be applied to each step")
        return bool(ins and outs)

    def _write_steps(
        self,
        node: Node,
        path: str,
        place: _Place,
        block: Block,
        ends: tuple[Mapping[str, list[str]], Mapping[str, str]],
    ) -> tuple[dict[str, list[str]], dict[str, str]]:
        """Write what folds time steps before a placement and unfolds them behind it."""
        entering, leaving = ends
        folds = {port: step_path(path, block, port, FOLD) for port in entering}
        unfolds = {port: step_path(path, block, port, UNFOLD) for port in leaving}
        first = next(iter(folds.values()))
        for kind, paths in ((FOLD, folds), (UNFOLD, unfolds)):
            for end in paths.values():
                fold_node = Node(node.id, kind, _NO_SETTINGS, node.title)
                self.nodes[end] = FlatNode(
                    end, fold_node, place.numbers, place.scope, path, place.steps
                )
                if end != first:
                    self._edges.append(Edge(first, end, "whole", "like"))
        for port, targets in entering.items():
            self._edges += [Edge(folds[port], target) for target in targets]
        self._edges += [Edge(leaving[port], end) for port, end in unfolds.items()]
        return {port: [fold] for port, fold in folds.items()}, unfolds

    def _inside(self, node: Node, path: str, place: _Place, block: Block | None) -> _Place | None:
        if block is None:
            text = f"The block {node.settings.get('block')!r} is not part of this design."
            self._report(path, "unknown-block", text, "Unknown block")
            return None
        if block.id in place.around:
            text = f"{block.title} contains itself. Remove it from its own inside."
            self._report(path, "recursive-block", text, "A block inside itself")
            return None
        values = self._values(node, path, place, block)
        numbers = {}
        for parameter in block.parameters:
            value = values.get(parameter.name, parameter.default)
            number = self._number(value, path, place, parameter.name)
            if number is not None:
                numbers[parameter.name] = number
        around = (*place.around, block.id)
        return _Place(scope=block.id, owner=path, numbers=numbers, around=around, steps=place.steps)

    def _values(self, node: Node, path: str, place: _Place, block: Block) -> Mapping[str, Value]:
        """Return the values of a placement, after a word on those that no parameter takes."""
        raw = node.settings.get("values", _NO_SETTINGS)
        values: Mapping[str, Value] = raw if isinstance(raw, Mapping) else {}
        names = [parameter.name for parameter in block.parameters]
        known = {name: value for name, value in values.items() if name in names}
        if known == raw:
            return values
        unexpected = ", ".join(repr(name) for name in values if name not in names) or repr(raw)
        text = (
            f"{block.title} has no parameter for {unexpected}; it has {', '.join(names) or 'none'}."
        )
        repair = _reset(node, place, "Remove what does not belong there", values=known)
        self._report(path, "bad-parameter", text, "A value of no parameter", repair)
        return values

    def _check_switches(self, node: Node, path: str, place: _Place, block: Block) -> None:
        for name, title in _SWITCHES.items():
            value = node.settings.get(name, False)
            if not isinstance(value, bool):
                text = f"“{title}” of {block.title} must be on or off, not {value!r}."
                repair = _reset(node, place, f"Switch “{title}” off", **{name: False})
                self._report(path, "bad-switch", text, f"“{title}” cannot be used", repair)

    def _repeat(self, node: Node, path: str, place: _Place) -> int:
        number = self._number(node.settings.get("repeat", 1), path, place, "repeat")
        if number is not None and not 1 <= number <= MOST_NODES:
            text = f"A block is repeated 1 to {MOST_NODES} times, not {number} times."
            self._report(path, "bad-repeat", text, "Cannot be repeated so often")
        return number if number is not None and 1 <= number <= MOST_NODES else 1

    def _number(self, value: Value, path: str, place: _Place, name: str) -> int | None:
        try:
            number = resolve(value, {**self.facts, **place.numbers})
        except ValueError as error:
            self._report(path, "bad-parameter", f"{name}: {error}.", f"{name} has no value")
            return None
        if isinstance(number, int) and not isinstance(number, bool):
            return number
        text = f"{name} must be a whole number, not {number!r}."
        self._report(path, "bad-parameter", text, f"{name} has no value")
        return None

    def _report(self, path: str, code: str, text: str, title: str, *repairs: Repair) -> None:
        self.problems.append(Problem(Severity.ERROR, path, code, text, title, repairs=repairs))


def _reset(node: Node, place: _Place, title: str, **changes: Value) -> Repair:
    arguments = {"node": node.id, "scope": place.scope, "changes": changes}
    return Repair(title, "set_settings", arguments)
