"""A placed block in the report: under which paths its inside is known, what runs in and out.

A block that is placed several times is looked at in its first placement and first repeat. Knows no
widget.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from dlstudio.design.editing.definitions import placed_block
from dlstudio.design.expand import FOLD, UNFOLD, step_path
from dlstudio.design.model import BLOCK_INPUT, BLOCK_OUTPUT, TOP, Edge, Graph, Node, Project
from dlstudio.design.references import resolve
from dlstudio.design.report import NodeReport
from dlstudio.design.signals import Signal

Reports = Mapping[str, NodeReport]


def scope_prefix(
    project: Project, scope: str, reports: Reports, within: frozenset[str] = frozenset()
) -> str | None:
    """Return what stands before the ids of a scope in the report's paths: `stage_1.0.`.

    None where the block is not placed anywhere; an empty text for the top level. `within` holds
    the blocks already entered: a block that holds itself has no path.
    """
    if scope == TOP:
        return ""
    entered = within | {scope}
    for outer in (TOP, *project.blocks):
        if outer in entered:
            continue
        for node in project.graph_at(outer).nodes.values():
            if placed_block(node) == scope:
                before = scope_prefix(project, outer, reports, entered)
                if before is not None:
                    return repeat_prefixes(node, before + node.id, reports)[0]
    return None


def numbers_in(
    project: Project, scope: str, facts: Mapping[str, int], within: frozenset[str] = frozenset()
) -> Mapping[str, int]:
    """Return the numbers that a `Ref` may use in a scope, as its first placement sets them."""
    if scope == TOP:
        return facts
    entered, values, outside = within | {scope}, {}, facts
    for outer in (TOP, *project.blocks):
        nodes = () if outer in entered else project.graph_at(outer).nodes.values()
        node = next((each for each in nodes if placed_block(each) == scope), None)
        if node is not None:
            given = node.settings.get("values")
            values = dict(given) if isinstance(given, Mapping) else {}
            outside = numbers_in(project, outer, facts, entered)
            break
    found = dict(facts)
    for each in project.blocks[scope].parameters:
        with suppress(ValueError):
            number = resolve(values.get(each.name, each.default), outside)
            if isinstance(number, int):
                found[each.name] = number
    return found


def repeat_prefixes(node: Node, path: str, reports: Reports) -> tuple[str, str]:
    """Return what stands before the ids in a placement's first and in its last repeat."""
    repeat = node.settings.get("repeat", 1)
    if isinstance(repeat, int):
        return (f"{path}.0.", f"{path}.{repeat - 1}.") if repeat > 1 else (f"{path}.",) * 2
    numbers = [
        int(number)
        for each in reports
        if each.startswith(f"{path}.")
        and (number := each[len(path) + 1 :].partition(".")[0]).isdecimal()
    ]
    return (f"{path}.0.", f"{path}.{max(numbers)}.") if numbers else (f"{path}.",) * 2


@dataclass(frozen=True, slots=True)
class Inside:
    """One graph of the design and where the report knows its nodes."""

    project: Project
    graph: Graph
    prefix: str
    reports: Reports

    def leaving(self, node_id: str, port: str) -> Signal | None:
        """Return what leaves a node by a port; of a block what its last repeat gives out."""
        node = self.graph.nodes.get(node_id)
        block = self.project.blocks.get(placed_block(node)) if node else None
        if node is None or block is None:
            known = self.reports.get(self.prefix + node_id)
            return known.outputs.get(port) if known else None
        if node.settings.get("each_step") is True:
            known = self.reports.get(step_path(self.prefix + node_id, block, port, UNFOLD))
            return known.outputs.get("output") if known else None
        feeding = next((e for e in block.graph.edges.values() if e.target == port), None)
        if feeding is None:
            return None
        if block.graph.nodes[feeding.source].kind == BLOCK_INPUT:
            return self._into(node_id, feeding.source)
        last = repeat_prefixes(node, self.prefix + node_id, self.reports)[1]
        return self._within(block.graph, last).leaving(feeding.source, feeding.source_port)

    def arriving(self, edge: Edge) -> Signal | None:
        """Return what comes to the end of a wire; in a block the first layer there tells."""
        node = self.graph.nodes.get(edge.target)
        block = self.project.blocks.get(placed_block(node)) if node else None
        if node is None or block is None:
            known = self.reports.get(self.prefix + edge.target)
            arrived = known.inputs.get(edge.target_port, ()) if known else ()
            return arrived[0] if len(arrived) == 1 else None
        if node.settings.get("each_step") is True:
            path = step_path(self.prefix + edge.target, block, edge.target_port, FOLD)
            known = self.reports.get(path)
            return next(iter(known.inputs.get("input", ())), None) if known else None
        first = repeat_prefixes(node, self.prefix + edge.target, self.reports)[0]
        inside = self._within(block.graph, first)
        wires = (e for e in block.graph.edges.values() if e.source == edge.target_port)
        return next((found for e in wires if (found := inside.arriving(e)) is not None), None)

    def _into(self, node_id: str, port: str) -> Signal | None:
        """Return what is wired to a placement's port."""
        for edge in self.graph.edges.values():
            if (edge.target, edge.target_port) == (node_id, port):
                return self.leaving(edge.source, edge.source_port)
        return None

    def _within(self, graph: Graph, prefix: str) -> Inside:
        return Inside(self.project, graph, prefix, self.reports)


def ports_out(project: Project, node: Node) -> list[str]:
    """Return the names of a placement's output ports."""
    block = project.blocks.get(placed_block(node))
    inner = block.graph.nodes.values() if block is not None else ()
    return [each.id for each in inner if each.kind == BLOCK_OUTPUT]
