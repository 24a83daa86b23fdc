"""What is known of a selected card: its kind, its place in the report, its figures in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from dlstudio.design.blocks import set_value
from dlstudio.design.editing.parameters import OF_EVERY_PLACEMENT
from dlstudio.design.edits import set_settings
from dlstudio.design.model import BLOCK, TOP, Node, Project
from dlstudio.design.problems import Problem
from dlstudio.design.report import Cost, NodeReport, Report
from dlstudio.design.values import Value
from dlstudio.gui.document import Document
from dlstudio.gui.panels.figures import data_size, milliseconds, short, whole
from dlstudio.gui.panels.known_names import KnownNames
from dlstudio.gui.panels.parameter_value import declare_parameter
from dlstudio.gui.placement import (
    WIRING,
    in_repeat,
    numbers_in,
    numbers_of,
    way_prefix,
    wiring_prefixes,
)
from dlstudio.insight.views import ActivationView, LayerView
from dlstudio.layers.kind import Kind
from dlstudio.layers.registry import find
from dlstudio.layers.settings import Setting, Switch, Whole


def path_of(document: Document, node_id: str) -> str:
    """Return the dotted path under which the report knows a card of the scope.

    Inside a block it is that of the placement which was opened; empty where it is not placed.
    """
    path = document.way
    if path is None:
        return ""
    return way_prefix(document.project, path, document.report.nodes) + node_id


def twins_of(document: Document, node_id: str) -> list[str]:
    """Return the paths of a card of the scope under which problems of its wiring are told."""
    prefixes = wiring_prefixes(document.project, document.scope, document.report)
    return [prefix + node_id for prefix in prefixes]


def parts_of(report: Report, path: str) -> list[NodeReport]:
    """Return the reports of a layer, or of all layers inside a placed block."""
    if path in report.nodes:
        return [report.nodes[path]]
    return [
        node_report for name, node_report in report.nodes.items() if name.startswith(f"{path}.")
    ]


def problems_of(report: Report, path: str, twins: Collection[str] = ()) -> list[Problem]:
    """Return the problems of a card in any repeat, those inside a placed block included.

    Args:
        report: What the check found.
        path: The card's path.
        twins: Its paths in other placements, where problems of the wiring are told.
    """
    return [
        in_repeat(problem)
        for problem in report.problems
        if (path and _is_within(_in_any_repeat(problem.path), _in_any_repeat(path)))
        or (
            problem.code in WIRING
            and any(_is_within(problem.path, other_path) for other_path in twins)
        )
    ]


def names_for(document: Document) -> KnownNames:
    """Return the numbers that a `Ref` may use in the scope."""
    facts, scope = document.facts.numbers, document.scope
    if scope == TOP:
        return KnownNames(facts)
    parameter_names = [parameter.name for parameter in document.project.blocks[scope].parameters]
    path = document.way
    project = document.project
    if path is None:
        return KnownNames(numbers_of(project, scope, None, facts, facts), scope, parameter_names)
    return KnownNames(numbers_in(project, path, facts), scope, parameter_names)


def kind_of(node: Node) -> type[Kind] | None:
    """Return the node's kind, None for blocks and for kinds this version does not know."""
    return None if node.kind == BLOCK else find(node.kind)


def declarations_of(document: Document, node: Node) -> Mapping[str, Setting]:
    """Return what the node's form holds."""
    kind = kind_of(node)
    if kind is not None:
        return kind.declarations()
    if node.kind != BLOCK:
        return {}
    return dict(_block_declarations(document, node))


def _block_declarations(document: Document, node: Node) -> Iterator[tuple[str, Setting]]:
    yield "repeat", Whole(title="Repeat", help="How often the block stands in a row.", default=1)
    yield (
        "share",
        Switch(title="Share weights", help="Whether the repeats use the same weights.",
               default=False),
    )  # fmt: skip
    yield (
        "each_step",
        Switch(title="For each time step", help="Whether the block is applied to every step of a "
               "sequence (steps first), with the same weights.", default=False),
    )  # fmt: skip
    block = document.project.blocks.get(str(node.settings.get("block", "")))
    for parameter in block.parameters if block else ():
        yield parameter.name, declare_parameter(parameter)


def shown_settings(node: Node) -> Mapping[str, Value]:
    """Return the settings a form shows; a placed block's own parameter values among them."""
    settings = dict(node.settings)
    values = settings.pop("values", None)
    if node.kind == BLOCK and isinstance(values, Mapping):
        settings.update(values)
    return settings


def set_shown(project: Project, ids: Iterable[str], name: str, value: Value, scope: str) -> Project:
    """Return the project with what a form shows by this name changed in these nodes."""
    for node_id in ids:
        node = project.graph_at(scope).nodes.get(node_id)
        if node is not None and node.kind == BLOCK and name not in OF_EVERY_PLACEMENT:
            project = set_value(project, node_id, name, value, scope)
        else:
            project = set_settings(project, [node_id], {name: value}, scope=scope)
    return project


def figures(
    document: Document,
    path: str,
    batch_size: int,
    times: Mapping[str, float] = MappingProxyType({}),
) -> Iterator[tuple[str, str]]:
    """Yield a card's figures as words and values; `times` are milliseconds by path."""
    reports = parts_of(document.report, path)
    if not reports:
        return
    inputs = [signal for port in reports[0].inputs.values() for signal in port]
    if inputs:
        yield "Input", "\n".join(signal.text() for signal in inputs)
    if reports[-1].outputs:
        yield "Output", "\n".join(signal.text() for signal in reports[-1].outputs.values())
    elif reports[-1].waiting_for not in {"", path}:
        yield "Output", f"waiting for {_called(document.project, reports[-1].waiting_for)}"
    if any(node_report.outputs for node_report in reports):
        yield from cost_lines(
            sum((node_report.cost for node_report in reports), Cost()), batch_size
        )
    durations = [time for name, time in times.items() if _is_within(name, path)]
    if durations:
        yield "Measured", milliseconds(sum(durations))


def _in_any_repeat(path: str) -> str:
    return ".".join(segment for segment in path.split(".") if not segment.isdigit())


def _called(project: Project, path: str) -> str:
    """Return what the card at a path is called."""
    scope, title = TOP, path
    for segment in path.split("."):
        node = project.graph_at(scope).nodes.get(segment)
        if node is None:
            continue
        kind, block = kind_of(node), project.blocks.get(str(node.settings.get("block", "")))
        title = node.title or (kind.title if kind else block.title if block else segment) or segment
        scope = block.id if block else scope
    return title


def _is_within(name: str, path: str) -> bool:
    return name == path or name.startswith(f"{path}.")


def layer_in(view: ActivationView, path: str) -> LayerView | None:
    """Return what a layer gave out; of a placed block its last layer's."""
    inside = [name for name in view.layers if path and _is_within(name, path)]
    return view.layers[inside[-1]] if inside else None


def cost_lines(cost: Cost, batch_size: int) -> Iterator[tuple[str, str]]:
    """Yield what a layer or a network costs."""
    yield "Parameters", whole(cost.parameters)
    if cost.buffers:
        yield "Stored numbers", whole(cost.buffers)
    yield "Multiply-adds", short(cost.multiply_adds)
    memory = cost.activation_bytes * batch_size
    yield "Activation memory", data_size(memory) if memory else "none kept"


def batch_note(batch_size: int) -> str:
    """Return what memory and time are told for."""
    return f"Memory and time for a batch of {batch_size}"
