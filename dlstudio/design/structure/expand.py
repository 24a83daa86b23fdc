"""A design with its blocks written out: one flat set of nodes with dotted paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from dlstudio.design.model.model import (
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
from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.values import Value

FOLD, UNFOLD = "fold steps", "unfold steps"
"""Kinds of what stands around a block for each time step; no design file can hold these words."""
MAX_NODES = 20_000
"""More layers than this are refused: nested repeats multiply."""


_NO_SETTINGS: Mapping[str, Value] = {}
_BOOLEAN_SETTINGS = {"share": "Share weights", "each_step": "For each time step"}
"""Settings of a placement that are on or off, as its form calls them."""


@dataclass(frozen=True, slots=True)
class FlatNode:
    """One layer of the written-out network.

    Attributes:
        path: Dotted path, the submodule's target: `residual_1.0.conv2d_1`.
        node: The node as designed; a shared repeat has `weights_from` set to the first one's path.
        parameter_values: Values of the block parameters around it.
        scope: The scope the node is edited in: `TOP` or a block's id.
        owner: Path of the placement that holds it, empty at the top level: `residual_1`.
        fold_paths: Paths of what folds the time steps that the node sees one by one, outermost first.
    """

    path: str
    node: Node
    parameter_values: Mapping[str, int] = field(default_factory=dict)
    scope: str = TOP
    owner: str = ""
    fold_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expanded:
    """The written-out network: nodes by path, and wires whose ends are paths.

    Attributes:
        block_prefixes: What stands before the ids of each placed block where it is written first:
            `residual_1.0.`.
    """

    nodes: Mapping[str, FlatNode]
    edges: tuple[Edge, ...]
    problems: tuple[Problem, ...] = ()
    block_prefixes: Mapping[str, str] = field(default_factory=dict)


def expand(project: Project, known_values: Mapping[str, int] | None = None) -> Expanded:
    """Return the network with every block written out.

    Args:
        project: The design.
        known_values: What a placement's values may refer to besides block parameters: data facts.
    """
    nodes = project.graph.nodes
    if not any(node.kind == BLOCK for node in nodes.values()):
        flat = {node_id: FlatNode(node_id, node) for node_id, node in nodes.items()}
        return Expanded(flat, tuple(project.graph.edges.values()))
    expander = _BlockExpander(project.blocks, known_values or {})
    expander.expand(project.graph, _Scope())
    edges, problems = tuple(expander.resolved_edges()), tuple(expander.problems)
    return Expanded(expander.nodes, edges, problems, expander.block_prefixes)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a graph is being written: the path before its ids, and what is known there."""

    prefix: str = ""
    scope_id: str = TOP
    owner: str = ""
    parameter_values: Mapping[str, int] = field(default_factory=dict)
    enclosing_blocks: tuple[str, ...] = ()
    shared_prefix: str = ""
    fold_paths: tuple[str, ...] = ()


def fold_path(placement: str, block: Block, port: str, kind: str) -> str:
    """Return where a port of a placement for each time step is folded or unfolded."""
    name = f"{kind.replace(' ', '_')}_{port}"
    while name in block.graph.nodes:
        name += "_"
    return f"{placement}.{name}"


class _BlockExpander:
    """Collects the written-out nodes; block ends are bridged at the end."""

    def __init__(self, blocks: Mapping[str, Block], facts: Mapping[str, int]) -> None:
        self.blocks = blocks
        self.facts = facts
        self.nodes: dict[str, FlatNode] = {}
        self.problems: list[Problem] = []
        self.block_prefixes: dict[str, str] = {}
        self._edges: list[Edge] = []
        self._block_ends: set[str] = set()
        self._is_full = False

    def expand(self, graph: Graph, scope: _Scope) -> None:
        """Write a graph's nodes and wires below the place's prefix."""
        entries: dict[str, dict[str, list[str]]] = {}
        exits: dict[str, dict[str, str]] = {}
        for node in graph.nodes.values():
            path = scope.prefix + node.id
            if node.kind == BLOCK:
                entries[node.id], exits[node.id] = self._expand_block(node, path, scope)
            elif node.kind in {BLOCK_INPUT, BLOCK_OUTPUT} and scope.scope_id != TOP:
                self._block_ends.add(path)
            else:
                self._add_node(node, path, scope)
        for edge in graph.edges.values():
            self._add_edge(edge, scope.prefix, entries, exits)

    def resolved_edges(self) -> Iterator[Edge]:
        """Yield the wires between layers, led through the ends of blocks."""
        feeding = {edge.target: edge for edge in self._edges if edge.target in self._block_ends}
        for edge in self._edges:
            if edge.target in self._block_ends:
                continue
            origin, visited = edge, set[str]()
            while origin.source in self._block_ends and origin.source not in visited:
                visited.add(origin.source)
                origin = feeding.get(origin.source, origin)
            if origin.source not in self._block_ends:
                yield replace(edge, source=origin.source, source_port=origin.source_port)

    def _add_node(self, node: Node, path: str, scope: _Scope) -> None:
        if len(self.nodes) >= MAX_NODES:
            if not self._is_full:
                text = f"Written out, the blocks hold more than {MAX_NODES} layers. Repeat less."
                self._report(path, "too-many-layers", text, "Too many layers")
            self._is_full = True
            return
        if scope.shared_prefix:
            node = replace(node, weights_from=scope.shared_prefix + (node.weights_from or node.id))
        elif node.weights_from and scope.prefix:
            node = replace(node, weights_from=scope.prefix + node.weights_from)
        self.nodes[path] = FlatNode(
            path, node, scope.parameter_values, scope.scope_id, scope.owner, scope.fold_paths
        )

    def _add_edge(
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

    def _expand_block(
        self, node: Node, path: str, scope: _Scope
    ) -> tuple[dict[str, list[str]], dict[str, str]]:
        """Write a placement; return the paths behind its input ports and its output ports."""
        block = self.blocks.get(str(node.settings.get("block")))
        inner = self._inner_scope(node, path, scope, block)
        if block is None or inner is None or self._is_full:
            return {}, {}
        ins = [n.id for n in block.graph.nodes.values() if n.kind == BLOCK_INPUT]
        outs = [n.id for n in block.graph.nodes.values() if n.kind == BLOCK_OUTPUT]
        repeat = self._repeat_count(node, path, scope)
        self._check_booleans(node, path, scope, block)
        entering: dict[str, list[str]] = {port: [] for port in ins}
        if repeat > 1 and not (ins and outs):
            text = f"{block.title} can only be repeated if it has an input and an output."
            self._report(path, "bad-repeat", text, "Cannot be repeated")
            repeat = 1
        stepwise = self._is_stepwise(node, path, block, ins, outs)
        if stepwise:
            inner = replace(
                inner, fold_paths=(*scope.fold_paths, fold_path(path, block, ins[0], FOLD))
            )
        share = node.settings.get("share") is True
        for number in range(repeat):
            prefix = f"{path}.{number}." if repeat > 1 else f"{path}."
            first = f"{path}.0." if share and number else prefix
            if scope.shared_prefix:
                first = scope.shared_prefix + first.removeprefix(scope.prefix)
            shared_with = first if first != prefix else ""
            self.block_prefixes.setdefault(block.id, prefix)
            self.expand(block.graph, replace(inner, prefix=prefix, shared_prefix=shared_with))
            if number:
                before = f"{path}.{number - 1}."
                self._edges.append(Edge(before + outs[0], prefix + ins[0]))
            for port in ins if not number else ins[1:]:
                entering[port].append(prefix + port)
            if self._is_full:
                break
        leaving = {port: prefix + port for port in outs}
        if stepwise:
            return self._add_fold_nodes(node, path, scope, block, (entering, leaving))
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

    def _add_fold_nodes(
        self,
        node: Node,
        path: str,
        scope: _Scope,
        block: Block,
        ends: tuple[Mapping[str, list[str]], Mapping[str, str]],
    ) -> tuple[dict[str, list[str]], dict[str, str]]:
        """Write what folds time steps before a placement and unfolds them behind it."""
        entering, leaving = ends
        folds = {port: fold_path(path, block, port, FOLD) for port in entering}
        unfolds = {port: fold_path(path, block, port, UNFOLD) for port in leaving}
        first = next(iter(folds.values()))
        for kind, paths in ((FOLD, folds), (UNFOLD, unfolds)):
            for end in paths.values():
                fold_node = Node(node.id, kind, _NO_SETTINGS, node.title)
                self.nodes[end] = FlatNode(
                    end, fold_node, scope.parameter_values, scope.scope_id, path, scope.fold_paths
                )
                if end != first:
                    self._edges.append(Edge(first, end, "whole", "like"))
        for port, targets in entering.items():
            self._edges += [Edge(folds[port], target) for target in targets]
        self._edges += [Edge(leaving[port], end) for port, end in unfolds.items()]
        return {port: [fold] for port, fold in folds.items()}, unfolds

    def _inner_scope(
        self, node: Node, path: str, scope: _Scope, block: Block | None
    ) -> _Scope | None:
        if block is None:
            text = f"The block {node.settings.get('block')!r} is not part of this design."
            self._report(path, "unknown-block", text, "Unknown block")
            return None
        if block.id in scope.enclosing_blocks:
            text = f"{block.title} contains itself. Remove it from its own inside."
            self._report(path, "recursive-block", text, "A block inside itself")
            return None
        values = self._placement_values(node, path, scope, block)
        numbers = {}
        for parameter in block.parameters:
            value = values.get(parameter.name, parameter.default)
            number = self._resolve_integer(value, path, scope, parameter.name)
            if number is not None:
                numbers[parameter.name] = number
        around = (*scope.enclosing_blocks, block.id)
        return _Scope(
            scope_id=block.id,
            owner=path,
            parameter_values=numbers,
            enclosing_blocks=around,
            fold_paths=scope.fold_paths,
        )

    def _placement_values(
        self, node: Node, path: str, scope: _Scope, block: Block
    ) -> Mapping[str, Value]:
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
        repair = _settings_repair(node, scope, "Remove what does not belong there", values=known)
        self._report(path, "bad-parameter", text, "A value of no parameter", repair)
        return values

    def _check_booleans(self, node: Node, path: str, scope: _Scope, block: Block) -> None:
        for name, title in _BOOLEAN_SETTINGS.items():
            value = node.settings.get(name, False)
            if not isinstance(value, bool):
                text = f"“{title}” of {block.title} must be on or off, not {value!r}."
                repair = _settings_repair(node, scope, f"Switch “{title}” off", **{name: False})
                self._report(path, "bad-switch", text, f"“{title}” cannot be used", repair)

    def _repeat_count(self, node: Node, path: str, scope: _Scope) -> int:
        number = self._resolve_integer(node.settings.get("repeat", 1), path, scope, "repeat")
        if number is not None and not 1 <= number <= MAX_NODES:
            text = f"A block is repeated 1 to {MAX_NODES} times, not {number} times."
            self._report(path, "bad-repeat", text, "Cannot be repeated so often")
        return number if number is not None and 1 <= number <= MAX_NODES else 1

    def _resolve_integer(self, value: Value, path: str, scope: _Scope, name: str) -> int | None:
        try:
            number = resolve_refs(value, {**self.facts, **scope.parameter_values})
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


def _settings_repair(node: Node, scope: _Scope, title: str, **changes: Value) -> Repair:
    arguments = {"node": node.id, "scope": scope.scope_id, "changes": changes}
    return Repair(title, "set_settings", arguments)
