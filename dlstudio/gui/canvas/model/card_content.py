"""The texts of a card, and its status: plain, waiting, warning or error. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Severity
from dlstudio.gui.canvas.model.frozen import is_frozen
from dlstudio.gui.canvas.model.node_description import NodeDescription
from dlstudio.gui.canvas.model.scope_report import ScopeReport

THIN_SPACE = "\u2009"


class CardStatus(Enum):
    """What the colour of a card's border shows at any zoom level."""

    PLAIN = "plain"
    WAITING = "waiting"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


PROBLEM_STATUSES = frozenset({CardStatus.WARNING, CardStatus.ERROR})


@dataclass(frozen=True, slots=True)
class CardContent:
    """The texts and the status of a card.

    Attributes:
        output_text: Output shape, or the reason there is none.
        parameter_text: Number of parameters, or empty.
        frozen: Whether training leaves its weights unchanged.
    """

    title: str
    card_summary: str
    category: str
    output_text: str
    parameter_text: str
    status: CardStatus
    frozen: bool = False


def card_content(
    project: Project,
    scope: str,
    node_id: str,
    description: NodeDescription,
    scope_report: ScopeReport,
) -> CardContent:
    """Return the content of a node's card from the last check."""
    parameters = scope_report.cost(node_id).parameters
    node = project.graph_at(scope).nodes[node_id]
    content = CardContent(
        title=description.title,
        card_summary=description.card_summary,
        category=description.category,
        output_text="",
        parameter_text=short_number(parameters) if parameters else "",
        status=card_status(node_id, description, scope_report),
        frozen=is_frozen(project, node, scope_report.prefix + node_id),
    )
    return replace(
        content, output_text=_output_text(project, scope, node_id, content, scope_report)
    )


def card_status(
    node_id: str, description: NodeDescription, scope_report: ScopeReport
) -> CardStatus:
    """Return a card's status; an error outranks waiting, waiting a warning."""
    if not description.known:
        return CardStatus.UNKNOWN
    problem = scope_report.worst_problem(node_id)
    if problem is not None and problem.severity is Severity.ERROR:
        return CardStatus.ERROR
    if scope_report.blocked_by(node_id):
        return CardStatus.WAITING
    if problem is not None and problem.severity is Severity.WARNING:
        return CardStatus.WARNING
    return CardStatus.PLAIN


def short_number(number: int) -> str:
    """Format a count for a card: `4 672`, `25.6 M`."""
    for size, letter in ((1_000_000_000, "G"), (10_000_000, "M")):
        if number >= size:
            return f"{number / min(size, 1_000_000 if letter == 'M' else size):.1f} {letter}"
    return f"{number:,}".replace(",", THIN_SPACE)


def _output_text(
    project: Project, scope: str, node_id: str, content: CardContent, scope_report: ScopeReport
) -> str:
    """Return the output shape, or the reason there is none."""
    if content.status is CardStatus.UNKNOWN:
        return "unknown kind"
    problem = scope_report.worst_problem(node_id)
    if content.status is CardStatus.ERROR and problem is not None:
        return (problem.title or problem.text).removeprefix(content.title).strip()
    waiting = scope_report.blocked_by(node_id)
    if waiting:
        return f"waiting for {_title_of(project, scope, waiting)}"
    return " · ".join(signal.text() for signal in scope_report.outputs(project, scope, node_id))


def _title_of(project: Project, scope: str, path: str) -> str:
    from dlstudio.gui.canvas.model.node_description import describe_node

    graph = project.graph_at(scope)
    node = graph.nodes.get(path.partition(".")[0]) or graph.nodes.get(path.rsplit(".", 1)[-1])
    return describe_node(project, graph, node).title if node is not None else path
