"""The finished texts of a card, and how it feels: fine, waiting, wrong. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from dlstudio.design.model import Project
from dlstudio.design.problems import Severity
from dlstudio.gui.canvas.describe import Description
from dlstudio.gui.canvas.findings import Findings
from dlstudio.gui.canvas.rest import is_frozen

THIN_SPACE = "\u2009"


class Tone(Enum):
    """What a card's border tells from afar."""

    PLAIN = "plain"
    WAITING = "waiting"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Face:
    """All that is written on a card.

    Attributes:
        line: Output shape, or why there is none.
        figure: Number of parameters, or empty.
        frozen: Whether training leaves its weights as they are.
    """

    title: str
    telling: str
    category: str
    line: str
    figure: str
    tone: Tone
    frozen: bool = False


def face_of(
    project: Project, scope: str, node_id: str, description: Description, findings: Findings
) -> Face:
    """Return what the card of a node shows now."""
    parameters = findings.cost(node_id).parameters
    node = project.graph_at(scope).nodes[node_id]
    content = Face(
        title=description.title,
        telling=description.telling,
        category=description.category,
        line="",
        figure=short_number(parameters) if parameters else "",
        tone=tone_of(node_id, description, findings),
        frozen=is_frozen(project, node, findings.prefix + node_id),
    )
    return replace(content, line=_line(project, scope, node_id, content, findings))


def tone_of(node_id: str, description: Description, findings: Findings) -> Tone:
    """Return a card's tone."""
    if not description.known:
        return Tone.UNKNOWN
    problem = findings.worst(node_id)
    if problem is not None and problem.severity is Severity.ERROR:
        return Tone.ERROR
    if findings.waiting_for(node_id):
        return Tone.WAITING
    if problem is not None and problem.severity is Severity.WARNING:
        return Tone.WARNING
    return Tone.PLAIN


def short_number(number: int) -> str:
    """Return a count as a card shows it: `4 672`, `25.6 M`."""
    for size, letter in ((1_000_000_000, "G"), (10_000_000, "M")):
        if number >= size:
            return f"{number / min(size, 1_000_000 if letter == 'M' else size):.1f} {letter}"
    return f"{number:,}".replace(",", THIN_SPACE)


def _line(project: Project, scope: str, node_id: str, face: Face, findings: Findings) -> str:
    """Return the output shape, or why there is none."""
    if face.tone is Tone.UNKNOWN:
        return "unknown kind"
    problem = findings.worst(node_id)
    if face.tone is Tone.ERROR and problem is not None:
        return (problem.title or problem.text).removeprefix(face.title).strip()
    waiting = findings.waiting_for(node_id)
    if waiting:
        return f"waiting for {_title_of(project, scope, waiting)}"
    return " · ".join(signal.text() for signal in findings.outputs(project, scope, node_id))


def _title_of(project: Project, scope: str, path: str) -> str:
    from dlstudio.gui.canvas.describe import describe

    graph = project.graph_at(scope)
    node = graph.nodes.get(path.partition(".")[0]) or graph.nodes.get(path.rsplit(".", 1)[-1])
    return describe(project, graph, node).title if node is not None else path
