"""Properties of a card: its kind, settings, paths in the report, problems, shapes and cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from dlstudio.design.blocks import set_parameter_value
from dlstudio.design.editing.blocks.parameters import PLACEMENT_SETTINGS
from dlstudio.design.edits import set_settings
from dlstudio.design.model.model import BLOCK, TOP, Node, Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.report import Cost, NodeReport, Report
from dlstudio.design.model.values import Value
from dlstudio.gui.document.block_paths import (
    WIRING_CODES,
    block_parameter_values,
    label_repeat,
    parameter_values,
    path_prefix,
    wiring_problem_prefixes,
)
from dlstudio.gui.document.document import Document
from dlstudio.gui.forms.block_parameter_setting import declare_parameter
from dlstudio.gui.forms.reference_names import ReferenceNames
from dlstudio.gui.widgets.number_format import (
    format_bytes,
    format_integer,
    format_milliseconds,
    format_si,
)
from dlstudio.insight.activations.activation_views import ActivationView, LayerView
from dlstudio.layers.framework.kind import LayerKind
from dlstudio.layers.framework.settings import Boolean, Integer, Setting
from dlstudio.layers.registry import find


def report_path(document: Document, node_id: str) -> str:
    """Return the dotted path of a card of the scope in the report.

    Inside a block it is the path in the opened placement; empty if the block is not placed.
    """
    path = document.placement_path
    if path is None:
        return ""
    return path_prefix(document.project, path, document.report.nodes) + node_id


def wiring_paths(document: Document, node_id: str) -> list[str]:
    """Return the paths of a card of the scope under which its wiring problems are reported."""
    prefixes = wiring_problem_prefixes(document.project, document.scope, document.report)
    return [prefix + node_id for prefix in prefixes]


def node_reports(report: Report, path: str) -> list[NodeReport]:
    """Return the reports of a layer, or of all layers inside a placed block."""
    if path in report.nodes:
        return [report.nodes[path]]
    return [
        node_report for name, node_report in report.nodes.items() if name.startswith(f"{path}.")
    ]


def node_problems(report: Report, path: str, other_paths: Collection[str] = ()) -> list[Problem]:
    """Return the problems of a card in all its repeats, including those inside a placed block.

    Args:
        report: The last check report.
        path: The card's path.
        other_paths: Its paths in other placements, for problems of the wiring.
    """
    return [
        label_repeat(problem)
        for problem in report.problems
        if (path and _is_within(_without_repeats(problem.path), _without_repeats(path)))
        or (
            problem.code in WIRING_CODES
            and any(_is_within(problem.path, other_path) for other_path in other_paths)
        )
    ]


def references_in_scope(document: Document) -> ReferenceNames:
    """Return the names that a `Ref` may use in the scope, with their values."""
    facts, scope = document.dataset_info.numbers, document.scope
    if scope == TOP:
        return ReferenceNames(facts)
    parameter_names = [parameter.name for parameter in document.project.blocks[scope].parameters]
    path = document.placement_path
    project = document.project
    if path is None:
        return ReferenceNames(
            block_parameter_values(project, scope, None, facts, facts), scope, parameter_names
        )
    return ReferenceNames(parameter_values(project, path, facts), scope, parameter_names)


def have_references_changed(document: Document, names: ReferenceNames) -> bool:
    """Whether the names that a `Ref` may use in the scope, or their values, differ from `names`."""
    current = references_in_scope(document)
    return (dict(current), current.parameters) != (dict(names), names.parameters)


def kind_of(node: Node) -> type[LayerKind] | None:
    """Return the node's kind, or None for blocks and unknown kinds."""
    return None if node.kind == BLOCK else find(node.kind)


def declarations_of(document: Document, node: Node) -> Mapping[str, Setting]:
    """Return the settings of the node's form by name."""
    kind = kind_of(node)
    if kind is not None:
        return kind.declarations()
    if node.kind != BLOCK:
        return {}
    return dict(_block_declarations(document, node))


def _block_declarations(document: Document, node: Node) -> Iterator[tuple[str, Setting]]:
    yield (
        "repeat",
        Integer(
            title="Repeat", help="Number of times the block is applied in sequence.", default=1
        ),
    )
    yield (
        "share",
        Boolean(title="Share weights", help="Whether the repeats use the same weights.",
               default=False),
    )  # fmt: skip
    yield (
        "each_step",
        Boolean(title="For each time step", help="Whether the block is applied to every step of a "
               "sequence (steps first), with the same weights.", default=False),
    )  # fmt: skip
    block = document.project.blocks.get(str(node.settings.get("block", "")))
    for parameter in block.parameters if block else ():
        yield parameter.name, declare_parameter(parameter)


def form_values(node: Node) -> Mapping[str, Value]:
    """Return a node's settings as the form shows them, with a block's parameter values."""
    settings = dict(node.settings)
    values = settings.pop("values", None)
    if node.kind == BLOCK and isinstance(values, Mapping):
        settings.update(values)
    return settings


def apply_form_value(
    project: Project, ids: Iterable[str], name: str, value: Value, scope: str
) -> Project:
    """Return the project with one form value changed in these nodes."""
    for node_id in ids:
        node = project.graph_at(scope).nodes.get(node_id)
        if node is not None and node.kind == BLOCK and name not in PLACEMENT_SETTINGS:
            project = set_parameter_value(project, node_id, name, value, scope)
        else:
            project = set_settings(project, [node_id], {name: value}, scope=scope)
    return project


def property_rows(
    document: Document,
    path: str,
    batch_size: int,
    times: Mapping[str, float] = MappingProxyType({}),
) -> Iterator[tuple[str, str]]:
    """Yield a card's properties as (name, value); `times` are milliseconds by path."""
    reports = node_reports(document.report, path)
    if not reports:
        return
    inputs = [signal for port in reports[0].inputs.values() for signal in port]
    if inputs:
        yield "Input", "\n".join(signal.text() for signal in inputs)
    if reports[-1].outputs:
        yield "Output", "\n".join(signal.text() for signal in reports[-1].outputs.values())
    elif reports[-1].blocked_by not in {"", path}:
        yield "Output", f"waiting for {_node_title(document.project, reports[-1].blocked_by)}"
    if any(node_report.outputs for node_report in reports):
        yield from cost_rows(sum((node_report.cost for node_report in reports), Cost()), batch_size)
    durations = [time for name, time in times.items() if _is_within(name, path)]
    if durations:
        yield "Measured", format_milliseconds(sum(durations))


def _without_repeats(path: str) -> str:
    return ".".join(segment for segment in path.split(".") if not segment.isdigit())


def _node_title(project: Project, path: str) -> str:
    """Return the title of the card at a path."""
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


def find_layer_view(view: ActivationView, path: str) -> LayerView | None:
    """Return the output of a layer; for a placed block, of its last layer."""
    inside = [name for name in view.layers if path and _is_within(name, path)]
    return view.layers[inside[-1]] if inside else None


def cost_rows(cost: Cost, batch_size: int) -> Iterator[tuple[str, str]]:
    """Yield the cost of a layer or network as (name, value)."""
    yield "Parameters", format_integer(cost.parameters)
    if cost.buffers:
        yield "Buffers", format_integer(cost.buffers)
    yield "Multiply-adds", format_si(cost.multiply_adds)
    memory = cost.activation_bytes * batch_size
    yield "Activation memory", format_bytes(memory) if memory else "none"


def batch_note(batch_size: int) -> str:
    """Return the note that memory and time are for a batch."""
    return f"Memory and time for a batch of {batch_size}"
