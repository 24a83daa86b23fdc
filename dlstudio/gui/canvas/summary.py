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
    wrong = sum(scene.tone(each) is Tone.ERROR for each in scene.cards)
    head = f"{_count(cards, 'card')}, {_count(wires, 'wire')}, {_count(wrong, 'error')}."
    return "\n".join((head, *(card_summary(scene, each) for each in _in_flow(scene))))


def card_summary(scene: Scene, node_id: str) -> str:
    """Return what a card says, where it gets its input and what is wrong with it."""
    face = scene.face(node_id)
    parts = [" ".join(filter(None, (face.title, face.telling)))]
    if face.line:
        known = face.tone in {Tone.PLAIN, Tone.WARNING}
        parts.append(f"output {face.line}" if known else face.line)
    if face.figure:
        parts.append(f"{face.figure} parameters")
    if face.frozen:
        parts.append("frozen")
    sources = sorted(
        scene.cards[scene.wires[key].edge.source].description.title
        for key in scene.wires_of(node_id)
        if scene.wires[key].edge.target == node_id
    )
    if sources:
        parts.append(f"from {' and '.join(sources)}")
    problem = scene.findings.worst(node_id)
    if _MOODS[face.tone]:
        parts.append(f"{_MOODS[face.tone]}: {problem.text}" if problem else _MOODS[face.tone])
    return ", ".join(parts) + "."


def _in_flow(scene: Scene) -> list[str]:
    """Return the cards so that each comes after those that feed it; a cycle is cut anywhere."""
    open_inputs = dict.fromkeys(scene.cards, 0)
    for wire in scene.wires.values():
        open_inputs[wire.edge.target] += 1
    order: list[str] = []
    ready = sorted((each for each, count in open_inputs.items() if not count), reverse=True)
    while ready:
        here = ready.pop()
        order.append(here)
        for key in sorted(scene.wires_of(here)):
            edge = scene.wires[key].edge
            if edge.source == here:
                open_inputs[edge.target] -= 1
                if not open_inputs[edge.target]:
                    ready.append(edge.target)
    placed = set(order)
    return order + [each for each in scene.cards if each not in placed]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
