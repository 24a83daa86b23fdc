"""The difference between two projects: undo stores it, and the canvas applies it.

A change contains only entries that differ, compared by identity, so that a thousand steps of a
large design need little memory. Whole projects and graphs are referenced weakly: while one is
alive, undo returns that very object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from dlstudio.design.changes.weak_versions import WeakVersion, version_of
from dlstudio.design.model.model import TOP, Graph, Layout, Node, Project

Key: TypeAlias = tuple[str, str, str]
"""Section, scope and id: `("node", "", "conv2d_1")`."""
Pair: TypeAlias = tuple[Any, Any]
"""Values before and after; None if the entry does not exist."""

GRAPH_SECTIONS = ("node", "edge")
LAYOUT_SECTIONS = ("position", "note", "colour")
FIELDS = ("data", "training", "weights", "title", "about")
_ATTRIBUTES = {
    "node": "nodes",
    "edge": "edges",
    "position": "positions",
    "note": "notes",
    "colour": "colours",
}


class Change:
    """The differences between two projects; can be applied and reverted.

    Sections are `node`, `edge`, `position`, `note`, `colour` (by scope and id), `block` (a block's
    texts and parameters, by id) and `field` (`data`, `training`, `weights`, `title`, `about`).
    """

    __slots__ = ("_after", "_before", "_graphs", "entries")

    def __init__(
        self,
        entries: Mapping[Key, Pair],
        before: WeakVersion[Project],
        after: WeakVersion[Project],
        graphs: Mapping[str, tuple[WeakVersion[Graph], WeakVersion[Graph]]],
    ) -> None:
        """Keep the differing entries, and the versions they lie between."""
        self.entries = entries
        self._before = before
        self._after = after
        self._graphs = graphs

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.entries

    @property
    def is_structural(self) -> bool:
        """Whether anything but layout, titles and descriptions differs."""
        return any(_is_structural(key, pair) for key, pair in self.entries.items())

    @property
    def is_layout_only(self) -> bool:
        """Whether only cards and notes differ."""
        return all(key[0] in LAYOUT_SECTIONS for key in self.entries)

    def node_ids(self, scope: str = TOP) -> frozenset[str]:
        """Return the ids of nodes that differ in content, wires, position or colour."""
        ids: set[str] = set()
        for section, entry_scope, entry_id in self.entries:
            if entry_scope == scope and section in {"node", "position", "colour"}:
                ids.add(entry_id)
        for edges in self.section("edge", scope).values():
            ids.update(end for edge in edges if edge for end in (edge.source, edge.target))
        return frozenset(ids)

    def section(self, section: str, scope: str = TOP) -> Mapping[str, Pair]:
        """Return the entries of one section in one scope: id to (before, after)."""
        return {
            key[2]: pair
            for key, pair in self.entries.items()
            if key[0] == section and key[1] == scope
        }

    def forward(self, project: Project) -> Project:
        """Return the project after the change, given the one before it."""
        return self._apply(project, self._before, self._after, 1)

    def backward(self, project: Project) -> Project:
        """Return the project before the change, given the one after it."""
        return self._apply(project, self._after, self._before, 0)

    def merged_with(self, later: Change) -> Change:
        """Return this change and a later one combined."""
        entries = dict(self.entries)
        for key, (before, after) in later.entries.items():
            first = entries[key][0] if key in entries else before
            if first is after:
                entries.pop(key, None)
            else:
                entries[key] = (first, after)
        graphs = dict(self._graphs)
        for scope, (before_graph, after_graph) in later._graphs.items():
            graphs[scope] = (graphs.get(scope, (before_graph,))[0], after_graph)
        return Change(entries, self._before, later._after, graphs)

    def _apply(
        self, project: Project, start: WeakVersion[Project], end: WeakVersion[Project], side: int
    ) -> Project:
        known = end.get() if start.get() is project else None
        if known is None:
            graphs = {
                scope: versions[side]
                for scope, versions in self._graphs.items()
                if versions[1 - side].get() is _graph_or_empty(project, scope)
            }
            known = _apply_entries(self.entries, project, side, graphs)
            if start.get() is project:
                end.set(known)
        return known


def difference(before: Project, after: Project) -> Change:
    """Return the differences; cheap if the projects share most of their objects."""
    entries: dict[Key, Pair] = {}
    graphs: dict[str, tuple[WeakVersion[Graph], WeakVersion[Graph]]] = {}
    if before is not after:
        for scope in (TOP, *sorted({*before.blocks, *after.blocks})):
            old_graph, new_graph = _graph_or_empty(before, scope), _graph_or_empty(after, scope)
            if old_graph is not new_graph:
                graphs[scope] = (version_of(old_graph), version_of(new_graph))
                _compare(entries, GRAPH_SECTIONS, scope, old_graph, new_graph)
        for scope in sorted({*before.layouts, *after.layouts}):
            old, new = before.layout_at(scope), after.layout_at(scope)
            if old is not new:
                _compare(entries, LAYOUT_SECTIONS, scope, old, new)
        _compare_blocks(entries, before, after)
        for name in FIELDS:
            pair = (getattr(before, name), getattr(after, name))
            if pair[0] is not pair[1] and pair[0] != pair[1]:
                entries["field", TOP, name] = pair
    return Change(entries, version_of(before), version_of(after), graphs)


_NO_GRAPH = Graph()


def _graph_or_empty(project: Project, scope: str) -> Graph:
    known = scope == TOP or scope in project.blocks
    return project.graph_at(scope) if known else _NO_GRAPH


def _compare(
    entries: dict[Key, Pair], sections: tuple[str, ...], scope: str, before: object, after: object
) -> None:
    for section in sections:
        old: Mapping[str, Any] = getattr(before, _ATTRIBUTES[section])
        new: Mapping[str, Any] = getattr(after, _ATTRIBUTES[section])
        if old is new:
            continue
        for key, value in new.items():
            known = old.get(key)
            if known is not value:
                entries[section, scope, key] = (known, value)
        for key in old.keys() - new.keys():
            entries[section, scope, key] = (old[key], None)


def _compare_blocks(entries: dict[Key, Pair], before: Project, after: Project) -> None:
    if before.blocks is after.blocks:
        return
    for block_id in sorted({*before.blocks, *after.blocks}):
        pair = tuple(
            replace(project.blocks[block_id], graph=_NO_GRAPH)
            if block_id in project.blocks
            else None
            for project in (before, after)
        )
        if pair[0] != pair[1]:
            entries["block", TOP, block_id] = (pair[0], pair[1])


def _is_structural(key: Key, pair: Pair) -> bool:
    section, _, name = key
    if section == "field":
        return name not in {"title", "about"}
    if section == "node" and isinstance(pair[0], Node) and isinstance(pair[1], Node):
        return replace(pair[0], title="") != replace(pair[1], title="")
    return section not in LAYOUT_SECTIONS


def _apply_entries(
    entries: Mapping[Key, Pair],
    project: Project,
    side: int,
    graphs: Mapping[str, WeakVersion[Graph]],
) -> Project:
    """Return the project with one side of the entries applied."""
    changes: dict[tuple[str, str], dict[str, Any]] = {}
    for (section, scope, entry_id), pair in entries.items():
        changes.setdefault((section, scope), {})[entry_id] = pair[side]
    blocks = _patch(project.blocks, changes.pop(("block", TOP), {}))
    for block_id in blocks.keys() & project.blocks.keys():
        if blocks[block_id] is not project.blocks[block_id]:
            blocks[block_id] = replace(blocks[block_id], graph=project.blocks[block_id].graph)
    fields = changes.pop(("field", TOP), {})
    project = replace(project, blocks=blocks, **fields)
    for scope in sorted({scope for section, scope in changes if section in GRAPH_SECTIONS}):
        if scope == TOP or scope in blocks:
            project = project.with_graph(_rebuild_graph(project, scope, changes, graphs), scope)
    for scope in sorted({scope for section, scope in changes if section in LAYOUT_SECTIONS}):
        layout = project.layout_at(scope)
        layout_sections = {
            _ATTRIBUTES[section]: _patch(
                getattr(layout, _ATTRIBUTES[section]), changes.get((section, scope), {})
            )
            for section in LAYOUT_SECTIONS
        }
        project = project.with_layout(Layout(**layout_sections), scope)
    return project


def _rebuild_graph(
    project: Project,
    scope: str,
    changes: Mapping[tuple[str, str], dict[str, Any]],
    graphs: Mapping[str, WeakVersion[Graph]],
) -> Graph:
    version = graphs.get(scope)
    graph = version.get() if version else None
    if graph is None:
        old = project.graph_at(scope)
        graph = Graph(
            _patch(old.nodes, changes.get(("node", scope), {})),
            _patch(old.edges, changes.get(("edge", scope), {})),
        )
        if version:
            version.set(graph)
    return graph


def _patch(old: Mapping[str, Any], changes: Mapping[str, Any]) -> Any:
    """Return `old`, or a copy with entries replaced; None removes an entry."""
    if not changes:
        return old
    merged = {**old, **changes}
    return {key: value for key, value in merged.items() if value is not None}
