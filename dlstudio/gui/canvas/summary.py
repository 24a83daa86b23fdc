"""The network in words, for screen readers."""

from __future__ import annotations

from dlstudio.gui.canvas.faces import Tone
from dlstudio.gui.canvas.scene import Scene

_MOODS = {
    Tone.WARNING: "warning",
    Tone.ERROR: "error",
    Tone.UNKNOWN: "unknown kind",
    Tone.PLAIN: "",
    Tone.WAITING: "",
}


def network_summary(scene: Scene) -> str:
    """Return one line about the whole and one per card, in the order of the flow."""
    cards, wires = len(scene.cards), len(scene.wires)
    error_count = sum(scene.tone(node_id) is Tone.ERROR for node_id in scene.cards)
    head = f"{_count(cards, 'card')}, {_count(wires, 'wire')}, {_count(error_count, 'error')}."
    return "\n".join((head, *(card_summary(scene, node_id) for node_id in _in_flow(scene))))


def card_summary(scene: Scene, node_id: str) -> str:
    """Return what a card says, where it gets its input and what is wrong with it."""
    content = scene.face(node_id)
    parts = [" ".join(filter(None, (content.title, content.telling)))]
    if content.line:
        known = content.tone in {Tone.PLAIN, Tone.WARNING}
        parts.append(f"output {content.line}" if known else content.line)
    if content.figure:
        parts.append(f"{content.figure} parameters")
    if content.frozen:
        parts.append("frozen")
    sources = sorted(
        scene.cards[scene.wires[key].edge.source].description.title
        for key in scene.wires_of(node_id)
        if scene.wires[key].edge.target == node_id
    )
    if sources:
        parts.append(f"from {' and '.join(sources)}")
    problem = scene.findings.worst(node_id)
    if _MOODS[content.tone]:
        parts.append(f"{_MOODS[content.tone]}: {problem.text}" if problem else _MOODS[content.tone])
    return ", ".join(parts) + "."


def _in_flow(scene: Scene) -> list[str]:
    """Return the cards so that each comes after those that feed it; a cycle is cut anywhere."""
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
