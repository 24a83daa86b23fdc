"""Text description of the network for screen readers."""

from __future__ import annotations

from dlstudio.gui.canvas.model.card_content import CardStatus
from dlstudio.gui.canvas.scene.scene import Scene

_STATUS_TEXTS = {
    CardStatus.INCOMPLETE: "to complete",
    CardStatus.WARNING: "warning",
    CardStatus.ERROR: "error",
    CardStatus.UNKNOWN: "unknown kind",
    CardStatus.PLAIN: "",
    CardStatus.WAITING: "",
}


def describe_network(scene: Scene) -> str:
    """Return one line about the whole network and one per card, in topological order."""
    cards, wires = len(scene.cards), len(scene.wires)
    error_count = sum(scene.content.status(node_id) is CardStatus.ERROR for node_id in scene.cards)
    missing = sum(scene.content.status(node_id) is CardStatus.INCOMPLETE for node_id in scene.cards)
    head = f"{_count(cards, 'card')}, {_count(wires, 'wire')}, {_count(error_count, 'error')}"
    head += f", {missing} to complete." if missing else "."
    return "\n".join(
        (head, *(describe_card(scene, node_id) for node_id in _in_topological_order(scene)))
    )


def describe_card(scene: Scene, node_id: str) -> str:
    """Return a card's texts, its sources and its problem in one sentence."""
    content = scene.content.card(node_id)
    parts = [" ".join(filter(None, (content.title, content.card_summary)))]
    if content.output_text:
        shape = f"output {content.output_text}"
        parts.append(shape if content.has_shape else content.output_text)
    if content.parameter_text:
        parts.append(f"{content.parameter_text} parameters")
    value = scene.card_values.value(scene.content.path(node_id))
    if value is not None:
        parts.append(value.description)
    if content.frozen:
        parts.append("frozen")
    sources = sorted(
        scene.cards[scene.wires[key].edge.source].description.title
        for key in scene.wires_of(node_id)
        if scene.wires[key].edge.target == node_id
    )
    if sources:
        parts.append(f"from {' and '.join(sources)}")
    problem = scene.content.report.worst_problem(node_id)
    if _STATUS_TEXTS[content.status]:
        parts.append(
            f"{_STATUS_TEXTS[content.status]}: {problem.text.rstrip('.')}"
            if problem
            else _STATUS_TEXTS[content.status]
        )
    return ", ".join(parts) + "."


def _in_topological_order(scene: Scene) -> list[str]:
    """Return the node ids in topological order; nodes of a cycle come last."""
    open_inputs = dict.fromkeys(scene.cards, 0)
    for wire in scene.wires.values():
        open_inputs[wire.edge.target] += 1
    order: list[str] = []
    ready = sorted((node_id for node_id, count in open_inputs.items() if not count), reverse=True)
    while ready:
        current = ready.pop()
        order.append(current)
        for key in sorted(scene.wires_of(current)):
            edge = scene.wires[key].edge
            if edge.source == current:
                open_inputs[edge.target] -= 1
                if not open_inputs[edge.target]:
                    ready.append(edge.target)
    placed = set(order)
    return order + [node_id for node_id in scene.cards if node_id not in placed]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
