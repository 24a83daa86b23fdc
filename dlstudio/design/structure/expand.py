"""Expands all blocks of a design into one flat set of nodes with dotted paths."""

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
from dlstudio.design.model.problems import Problem, Repair, error
from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.values import Value

FOLD, UNFOLD = "fold steps", "unfold steps"
"""Kinds added around a block that runs once per time step; design files cannot contain them."""
MAX_NODES = 20_000
"""Limit on expanded layers: nested repeats multiply."""


_NO_SETTINGS: Mapping[str, Value] = {}
_BlockEnds = tuple[Mapping[str, list[str]], Mapping[str, str]]
"""The inner paths that each input port of a placed block leads to, and each output port's."""

_BOOLEAN_SETTINGS = {"share": "Share weights", "each_step": "For each time step"}
"""Boolean settings of a placed block, by the titles in its form."""


@dataclass(frozen=True, slots=True)
class FlatNode:
    """One layer of the expanded network.

    Attributes:
        path: Dotted path, which is the submodule's target: `residual_1.0.conv2d_1`.
        node: The node as designed; a shared repeat has `weights_from` set to the first one's path.
        parameter_values: Values of the enclosing block's parameters.
        scope: The scope in which the node is edited: `TOP` or a block id.
        owner: Path of the enclosing placed block, empty at the top level: `residual_1`.
        fold_paths: Paths of the nodes that fold time steps around this one, outermost first.
    """

    path: str
    node: Node
    parameter_values: Mapping[str, int] = field(default_factory=dict)
    scope: str = TOP
    owner: str = ""
    fold_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expanded:
    """The expanded network: nodes by path, and edges between paths.

    Attributes:
        block_prefixes: Path prefix of the first expansion of each block: `residual_1.0.`.
    """

    nodes: Mapping[str, FlatNode]
    edges: tuple[Edge, ...]
    problems: tuple[Problem, ...] = ()
    block_prefixes: Mapping[str, str] = field(default_factory=dict)


def expand(project: Project, known_values: Mapping[str, int] | None = None) -> Expanded:
    """Return the network with all blocks expanded.

    Args:
        project: The design.
        known_values: Names that a placement may refer to besides block parameters: data facts.
    """
    nodes = project.graph.nodes
    if not any(node.kind == BLOCK for node in nodes.values()):
        flat = {node_id: FlatNode(node_id, node) for node_id, node in nodes.items()}
        return Expanded(flat, tuple(project.graph.edges.values()))
    expander = _BlockExpander(project.blocks, known_values or {})
    expander.expand(project.graph, _Scope())
    edges, problems = tuple(expander.resolved_edges()), tuple(expander.problems)
    return Expanded(expander.nodes, edges, problems, expander.block_prefixes)


_SHORT_TEXTS = {
    "too-many-layers": "too many layers",
    "bad-repeat": "cannot repeat",
    "bad-steps": "cannot step",
    "bad-parameter": "wrong parameter",
    "bad-switch": "not on or off",
    "unknown-block": "unknown block",
    "recursive-block": "contains itself",
}
"""What a card shows, by the code of a problem."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """The graph that is being expanded: its path prefix and the values known in it."""

    prefix: str = ""
    scope_id: str = TOP
    owner: str = ""
    parameter_values: Mapping[str, int] = field(default_factory=dict)
    enclosing_blocks: tuple[str, ...] = ()
    shared_prefix: str = ""
    fold_paths: tuple[str, ...] = ()


def fold_path(placement: str, block: Block, port: str, kind: str) -> str:
    """Return the path of the node that folds or unfolds the time steps of a block's port."""
    name = f"{kind.replace(' ', '_')}_{port}"
    while name in block.graph.nodes:
        name += "_"
    return f"{placement}.{name}"


class _BlockExpander:
    """Collects expanded nodes; block ends are bridged once all are known."""

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
        """Add the nodes and edges of a graph below the scope's prefix."""
        entries: dict[str, Mapping[str, list[str]]] = {}
        exits: dict[str, Mapping[str, str]] = {}
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
        """Yield the edges between layers, resolved through block ends."""
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
                text = (
                    f"The expanded blocks contain more than {MAX_NODES} layers. Reduce the repeats."
                )
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

    def _expand_block(self, node: Node, path: str, scope: _Scope) -> _BlockEnds:
        """Expand a placed block; return the inner paths of its input ports and its output ports."""
        block = self.blocks.get(str(node.settings.get("block")))
        inner = self._inner_scope(node, path, scope, block)
        if block is None or inner is None or self._is_full:
            return {}, {}
        ins, outs = _end_ids(block, BLOCK_INPUT), _end_ids(block, BLOCK_OUTPUT)
        repeat = self._repeat_count(node, path, scope)
        self._check_booleans(node, path, scope, block)
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
        ends = self._expand_repeats(path, scope, inner, block, repeat, share=share)
        return self._add_fold_nodes(node, path, scope, block, ends) if stepwise else ends

    def _expand_repeats(
        self, path: str, scope: _Scope, inner: _Scope, block: Block, repeat: int, *, share: bool
    ) -> _BlockEnds:
        """Expand each repeat of a block; return as `_expand_block` does."""
        ins, outs = _end_ids(block, BLOCK_INPUT), _end_ids(block, BLOCK_OUTPUT)
        entering: dict[str, list[str]] = {port: [] for port in ins}
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
        return entering, {port: prefix + port for port in outs}

    def _is_stepwise(
        self, node: Node, path: str, block: Block, ins: list[str], outs: list[str]
    ) -> bool:
        """Whether a placed block runs once per time step, which requires an input and an output."""
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
        ends: _BlockEnds,
    ) -> _BlockEnds:
        """Add the nodes that fold time steps before a block and unfold them after it."""
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
            text = f"{block.title} contains itself. Remove it from inside the block."
            self._report(path, "recursive-block", text, "Block contains itself")
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
        """Return the values of a placed block; those without a parameter are reported."""
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
        repair = _settings_repair(node, scope, "Remove unknown values", values=known)
        self._report(path, "bad-parameter", text, "Value without a parameter", repair)
        return values

    def _check_booleans(self, node: Node, path: str, scope: _Scope, block: Block) -> None:
        for name, title in _BOOLEAN_SETTINGS.items():
            value = node.settings.get(name, False)
            if not isinstance(value, bool):
                text = f"“{title}” of {block.title} must be on or off, not {value!r}."
                repair = _settings_repair(node, scope, f"Turn “{title}” off", **{name: False})
                self._report(path, "bad-switch", text, f"Invalid value for “{title}”", repair)

    def _repeat_count(self, node: Node, path: str, scope: _Scope) -> int:
        number = self._resolve_integer(node.settings.get("repeat", 1), path, scope, "repeat")
        if number is not None and not 1 <= number <= MAX_NODES:
            text = f"A block can be repeated 1 to {MAX_NODES} times, not {number} times."
            self._report(path, "bad-repeat", text, "Invalid number of repeats")
        return number if number is not None and 1 <= number <= MAX_NODES else 1

    def _resolve_integer(self, value: Value, path: str, scope: _Scope, name: str) -> int | None:
        try:
            number = resolve_refs(value, {**self.facts, **scope.parameter_values})
        except ValueError as error:
            self._report(path, "bad-parameter", f"{name}: {error}.", f"{name} has no value")
            return None
        if isinstance(number, int) and not isinstance(number, bool):
            return number
        text = f"{name} must be an integer, not {number!r}."
        self._report(path, "bad-parameter", text, f"{name} has no value")
        return None

    def _report(self, path: str, code: str, text: str, title: str, *repairs: Repair) -> None:
        short = _SHORT_TEXTS[code]
        self.problems.append(error(code, title, text, *repairs, path=path, short=short))


def _end_ids(block: Block, kind: str) -> list[str]:
    return [node.id for node in block.graph.nodes.values() if node.kind == kind]


def _settings_repair(node: Node, scope: _Scope, title: str, **changes: Value) -> Repair:
    arguments = {"node": node.id, "scope": scope.scope_id, "changes": changes}
    return Repair(title, "set_settings", arguments)
