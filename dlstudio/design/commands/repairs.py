"""Applies the fixes that problems offer, by the name of an edit; each is validated again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from dlstudio.design import edits
from dlstudio.design.editing.snippet import Snippet, add_snippet, insert_snippet
from dlstudio.design.edits import EditError
from dlstudio.design.library.examples import example_names, example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import BLOCK_OUTPUT, TOP, Edge, Project
from dlstudio.design.model.problems import Repair
from dlstudio.design.model.values import Value


def _insert_before(
    project: Project,
    *,
    node: str,
    kind: str,
    port: str = "input",
    slot: int = 0,
    settings: Mapping[str, Value] | None = None,
    scope: str = TOP,
) -> Project:
    return edits.insert_before(project, node, port, kind, settings, slot=slot, scope=scope)[0]


def _insert_before_many(
    project: Project,
    *,
    node: str,
    port: str,
    inserts: Iterable[Mapping[str, Any]],
    scope: str = TOP,
) -> Project:
    """Insert layers on several wires of a variadic port.

    Each item has `kind`, `settings` and `wire`, the wire's index in the order of slots.
    """
    edges = project.graph_at(scope).edges.values()
    slots = sorted(e.slot for e in edges if (e.target, e.target_port) == (node, port))
    for insert in inserts:
        if insert["wire"] >= len(slots):
            raise EditError("The wire to fix no longer exists.")
        slot = slots[insert["wire"]]
        project = edits.insert_before(
            project, node, port, insert["kind"], insert["settings"], slot=slot, scope=scope
        )[0]
    return project


def _insert_after(
    project: Project,
    *,
    node: str,
    kind: str,
    port: str = "output",
    settings: Mapping[str, Value] | None = None,
    scope: str = TOP,
) -> Project:
    return edits.insert_after(project, node, kind, settings, port, scope=scope)[0]


def _set_settings(
    project: Project, *, node: str, changes: Mapping[str, Value], scope: str = TOP
) -> Project:
    return edits.set_settings(project, (node,), changes, scope)


def _change_kind(
    project: Project, *, node: str, kind: str, settings: Mapping[str, Value], scope: str = TOP
) -> Project:
    return edits.change_kind(project, node, kind, settings, scope)


def _remove(project: Project, *, node: str, rewire: bool = True, scope: str = TOP) -> Project:
    return edits.remove_nodes(project, (node,), rewire, scope)


def _disconnect(
    project: Project, *, keys: Iterable[str], node: str = "", scope: str = TOP
) -> Project:
    return edits.disconnect(project, keys, scope)


def _connect(
    project: Project,
    *,
    source: str,
    target: str,
    source_port: str = "output",
    target_port: str = "input",
    slot: int = 0,
    node: str = "",
    scope: str = TOP,
) -> Project:
    return edits.connect(project, Edge(source, target, source_port, target_port, slot), scope)


def _add_output(
    project: Project,
    *,
    node: str,
    port: str = "output",
    settings: Mapping[str, Value] | None = None,
    scope: str = TOP,
) -> Project:
    kind = "output" if scope == TOP else BLOCK_OUTPUT
    return edits.append_after(project, node, kind, settings, after_port=port, scope=scope)[0]


def _add_input(
    project: Project,
    *,
    kind: str,
    node: str = "",
    settings: Mapping[str, Value] | None = None,
    scope: str = TOP,
) -> Project:
    return edits.append_after(project, None, kind, settings, scope=scope)[0]


def _add_piece(
    project: Project, *, piece: Snippet, node: str = "", port: str = "input", scope: str = TOP
) -> Project:
    """Insert cards on the wire into a port of `node`, or below all others if it has none."""
    if not node:
        return add_snippet(project, piece, scope=scope)
    return insert_snippet(project, piece, node=node, port=port, scope=scope)


def _replace_by_example(
    project: Project, *, name: str, node: str = "", scope: str = TOP
) -> Project:
    """Replace everything by an example, without the weights beside its file."""
    del project
    if name not in example_names():
        raise EditError(f"There is no example called {name!r}.")
    return replace(load(example_path(name)), weights=None)


def _set_weights_from(
    project: Project, *, node: str, path: str | None, scope: str = TOP
) -> Project:
    return edits.set_weights_from(project, node, path, scope)


def _set_training(
    project: Project, *, changes: Mapping[str, Any], node: str = "", scope: str = TOP
) -> Project:
    return edits.set_training(project, _with_changes(project.training, changes))


def _set_data(
    project: Project, *, changes: Mapping[str, Any], node: str = "", scope: str = TOP
) -> Project:
    return edits.set_data(project, _with_changes(project.data, changes))


def _several(
    project: Project, *, steps: Iterable[Mapping[str, Any]], node: str = "", scope: str = TOP
) -> Project:
    """Apply several fixes one after the other."""
    del node, scope
    for step in steps:
        project = apply_repair(project, Repair("", str(step["edit"]), step["arguments"]))
    return project


def several(title: str, repairs: Iterable[Repair]) -> Repair:
    """Return one fix that applies several, each to the result of the one before."""
    steps = [{"edit": repair.edit, "arguments": dict(repair.arguments)} for repair in repairs]
    return Repair(title, "several", {"steps": steps})


EDITS: Mapping[str, Callable[..., Project]] = {
    "insert_before": _insert_before,
    "insert_before_many": _insert_before_many,
    "insert_after": _insert_after,
    "set_settings": _set_settings,
    "change_kind": _change_kind,
    "remove": _remove,
    "disconnect": _disconnect,
    "connect": _connect,
    "add_output": _add_output,
    "add_node": _add_input,
    "set_weights_from": _set_weights_from,
    "set_training": _set_training,
    "add_piece": _add_piece,
    "take_example": _replace_by_example,
    "set_data": _set_data,
    "several": _several,
}
"""Edit names to functions that take a project and the arguments of a fix.

`changes` of `set_training` and `set_data` are field names; a dotted name is a nested field:
`early_stopping.enabled`, `split.validation`.
"""


def apply_repair(project: Project, repair: Repair) -> Project:
    """Return the fixed project.

    Raises:
        EditError: The fix is unknown, or no longer fits the design.
    """
    edit = EDITS.get(repair.edit)
    if edit is None:
        raise EditError(f"There is no fix called {repair.edit!r}.")
    try:
        repaired = edit(project, **repair.arguments)
    except TypeError as error:
        raise EditError(f"The fix “{repair.title}” does not fit this design.") from error
    if repaired is project:
        raise EditError(f"“{repair.title}” would no longer change anything.")
    return repaired


def _with_changes(settings: Any, changes: Mapping[str, Any]) -> Any:
    """Return a settings dataclass with named fields replaced; dotted names are nested fields."""
    for name, value in changes.items():
        first, _, rest = name.partition(".")
        if not is_dataclass(settings) or first not in {field.name for field in fields(settings)}:
            raise EditError(f"There is no setting called {name!r}.")
        inner = _with_changes(getattr(settings, first), {rest: value}) if rest else value
        settings = replace(cast("Any", settings), **{first: inner})
    return settings
