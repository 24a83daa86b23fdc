"""Edits of block parameters; placements and inner references are updated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dlstudio.design.editing.blocks.grouping import placements
from dlstudio.design.editing.blocks.references import (
    referenced_names,
    replace_graph_refs,
    substitute,
)
from dlstudio.design.editing.errors import EditError
from dlstudio.design.editing.lookup import checked_settings, checked_text, graph_of, node_of
from dlstudio.design.editing.nodes import set_settings
from dlstudio.design.model.identifiers import is_valid_id
from dlstudio.design.model.model import TOP, Block, Parameter, Project
from dlstudio.design.model.values import Ref, Value, one_line

PLACEMENT_SETTINGS = frozenset({"block", "each_step", "repeat", "share", "values"})
"""Settings of every placement; no parameter may have one of these names."""
MAX_PARAMETERS = 32


def add_parameter(
    project: Project, block_id: str, name: str, default: Value = 1, help_text: str = ""
) -> Project:
    """Return the project with a parameter added to a block.

    Raises:
        EditError: The name is invalid, already in use, or would hide a data fact used inside.
    """
    block = block_of(project, block_id)
    if len(block.parameters) >= MAX_PARAMETERS:
        raise EditError(f"{block.title} already has {MAX_PARAMETERS} parameters, the maximum.")
    _check_name(block, name)
    parameter = Parameter(name, _checked_default(name, default), _checked_help(help_text))
    return _with_parameters(project, block, (*block.parameters, parameter))


def rename_parameter(project: Project, block_id: str, old: str, new: str) -> Project:
    """Return the project with a parameter renamed, inside the block and at its placements."""
    block = block_of(project, block_id)
    known = _find_parameter(block, old)
    if new == old:
        return project
    _check_name(block, new)
    graph = replace_graph_refs(
        block.graph, lambda ref: replace(ref, name=new) if ref.name == old else ref
    )
    changed = tuple(
        replace(parameter, name=new) if parameter is known else parameter
        for parameter in block.parameters
    )
    project = _with_parameters(project, replace(block, graph=graph), changed)
    return _with_values(
        project, block_id, lambda values: {new if k == old else k: v for k, v in values.items()}
    )


def change_parameter(
    project: Project,
    block_id: str,
    name: str,
    *,
    default: Value = None,
    help_text: str | None = None,
) -> Project:
    """Return the project with a parameter's default or help replaced; None keeps the old one."""
    block = block_of(project, block_id)
    known = _find_parameter(block, name)
    after = known
    if default is not None:
        after = replace(after, default=_checked_default(name, default))
    if help_text is not None:
        after = replace(after, help=_checked_help(help_text))
    if after == known:
        return project
    return _with_parameters(
        project,
        block,
        tuple(after if parameter is known else parameter for parameter in block.parameters),
    )


def remove_parameter(project: Project, block_id: str, name: str) -> Project:
    """Return the project without a parameter; references to it inside become its default value."""
    block = block_of(project, block_id)
    known = _find_parameter(block, name)
    values = {name: known.default}
    graph = replace_graph_refs(block.graph, lambda ref: substitute(ref, values))
    block = replace(block, graph=graph)
    remaining = tuple(parameter for parameter in block.parameters if parameter is not known)
    project = _with_parameters(project, block, remaining)
    return _with_values(
        project, block_id, lambda values: {k: v for k, v in values.items() if k != name}
    )


def promote_setting(
    project: Project, node_id: str, setting: str, name: str, default: Value, *, scope: str
) -> Project:
    """Return the project with a setting inside a block linked to a new parameter of the block."""
    if scope == TOP:
        raise EditError("Only a layer inside a block can use a block parameter.")
    node = node_of(graph_of(project, scope), node_id)
    project = add_parameter(project, scope, name, default)
    current = node.settings.get(setting)
    ref: Value = (Ref(name),) * len(current) if isinstance(current, tuple) else Ref(name)
    return set_settings(project, (node_id,), {setting: ref}, scope)


def set_parameter_value(
    project: Project, node_id: str, name: str, value: Value, scope: str = TOP
) -> Project:
    """Return the project with a placement's value of a parameter set; None restores the default."""
    node = node_of(graph_of(project, scope), node_id)
    current = node.settings.get("values")
    values = dict(current) if isinstance(current, Mapping) else {}
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value
    return set_settings(project, (node_id,), {"values": values}, scope)


def block_of(project: Project, block_id: str) -> Block:
    """Return a block; EditError if it no longer exists."""
    try:
        return project.blocks[block_id]
    except KeyError:
        raise EditError(f"There is no block called {block_id!r} any more.") from None


def _find_parameter(block: Block, name: str) -> Parameter:
    for parameter in block.parameters:
        if parameter.name == name:
            return parameter
    raise EditError(f"{block.title} has no parameter called {name!r} any more.")


def _check_name(block: Block, name: str) -> None:
    if not is_valid_id(name) or name in PLACEMENT_SETTINGS:
        raise EditError(
            f"{checked_text(name)!r} is not a valid parameter name. Use letters, digits and _, "
            "such as channels."
        )
    if any(parameter.name == name for parameter in block.parameters):
        raise EditError(f"{block.title} already has a parameter called {name}.")
    if name in referenced_names(block.graph):
        raise EditError(f"{name} is already used inside {block.title} for a data fact.")


def _checked_default(name: str, default: Value) -> Value:
    if isinstance(default, bool) or not isinstance(default, (int, Ref)):
        raise EditError(f"{name} must be an integer.")
    return checked_settings({name: default})[name]


def _checked_help(text: str) -> str:
    return one_line(checked_text(text))


def _with_parameters(project: Project, block: Block, parameters: tuple[Parameter, ...]) -> Project:
    after = replace(block, parameters=parameters)
    return replace(project, blocks={**project.blocks, block.id: after})


def _with_values(
    project: Project, block_id: str, change: Callable[[Mapping[str, Value]], Mapping[str, Value]]
) -> Project:
    """Return the project with the parameter values of every placement of a block changed."""
    for scope, node_id in placements(project, block_id):
        values = project.graph_at(scope).nodes[node_id].settings.get("values")
        after = change(values) if isinstance(values, Mapping) else None
        if after is not None and after != values:
            project = set_settings(project, (node_id,), {"values": after}, scope)
    return project
