"""The texts of a card, and its status: plain, incomplete, warning or error. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Severity
from dlstudio.design.model.short_texts import short_enough
from dlstudio.gui.canvas.model.frozen import is_frozen
from dlstudio.gui.canvas.model.node_description import NodeDescription
from dlstudio.gui.canvas.model.scope_report import ScopeReport

THIN_SPACE = "\u2009"
WAITING_TEXT = "waiting"


class CardStatus(Enum):
    """What the colour of a card's border shows at any zoom level."""

    PLAIN = "plain"
    WAITING = "waiting"
    INCOMPLETE = "incomplete"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


PROBLEM_STATUSES = frozenset({CardStatus.INCOMPLETE, CardStatus.WARNING, CardStatus.ERROR})
UNFINISHED = frozenset({CardStatus.WAITING, CardStatus.INCOMPLETE})
"""Statuses drawn in grey: something is still missing, but nothing is wrong."""


@dataclass(frozen=True, slots=True)
class CardContent:
    """The texts and the status of a card.

    Attributes:
        output_text: Output shape, or in a few words why there is none (`has_shape`).
        fallback_text: Shown if `output_text` is too wide; empty to shorten that.
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
    has_shape: bool = True
    fallback_text: str = ""


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
    text = _output_text(project, scope, node_id, content, scope_report)
    waiting = content.status is CardStatus.WAITING
    known = content.status in {CardStatus.PLAIN, CardStatus.WARNING} or (
        content.status is CardStatus.INCOMPLETE
        and bool(scope_report.outputs(project, scope, node_id))
    )
    return replace(
        content,
        output_text=text,
        has_shape=known,
        fallback_text=WAITING_TEXT if waiting else "",
    )


def card_status(
    node_id: str, description: NodeDescription, scope_report: ScopeReport
) -> CardStatus:
    """Return a card's status; problems that prevent training outrank waiting, that a warning."""
    if not description.known:
        return CardStatus.UNKNOWN
    problem = scope_report.worst_problem(node_id)
    if problem is not None and problem.severity is Severity.ERROR:
        return CardStatus.INCOMPLETE if problem.incomplete else CardStatus.ERROR
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


def short_text(problem: Problem, card_title: str = "") -> str:
    """Return the few words of a problem that a card has room for."""
    headline = problem.title.removeprefix(card_title).strip()
    return problem.short or short_enough(headline, "") or "see Problems"


def _output_text(
    project: Project, scope: str, node_id: str, content: CardContent, scope_report: ScopeReport
) -> str:
    """Return the output shape, or the reason there is none."""
    if content.status is CardStatus.UNKNOWN:
        return "unknown kind"
    problem = scope_report.worst_problem(node_id)
    shapes = " · ".join(signal.text() for signal in scope_report.outputs(project, scope, node_id))
    missing = content.status is CardStatus.INCOMPLETE and not shapes
    if problem is not None and (missing or content.status is CardStatus.ERROR):
        return short_text(problem, content.title)
    waiting = scope_report.blocked_by(node_id)
    if waiting:
        return f"waits for {_title_of(project, scope, waiting)}"
    return shapes


def _title_of(project: Project, scope: str, path: str) -> str:
    from dlstudio.gui.canvas.model.node_description import describe_node

    graph = project.graph_at(scope)
    node = graph.nodes.get(path.partition(".")[0]) or graph.nodes.get(path.rsplit(".", 1)[-1])
    return describe_node(project, graph, node).title if node is not None else path
