"""Aligns, distributes and arranges cards."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF

from dlstudio.design.edits import move_nodes
from dlstudio.gui.canvas.geometry import CARD_BOX, CARD_WIDTH
from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.canvas.tools.move import move_by
from dlstudio.gui.document import NOTE_PREFIX

ALIGNMENTS = ("left", "centre", "right", "top", "middle", "bottom")
DIRECTIONS = ("horizontally", "vertically")

Position = tuple[float, float]


def align(stage: Stage, how: str) -> None:
    """Line the selected cards up by an edge or a middle line.

    `how` is one of `ALIGNMENTS`; `centre` is the vertical middle line, `middle` the horizontal.
    """
    if how not in ALIGNMENTS:
        raise ValueError(f"cards are aligned by one of {', '.join(ALIGNMENTS)}, not {how!r}")
    boxes = _boxes(stage)
    if len(boxes) < 2:
        return
    bounds = QRectF()
    for box in boxes.values():
        bounds = bounds.united(box)
    positions = {item_id: _aligned(box, bounds, how) for item_id, box in boxes.items()}
    _move(stage, positions, f"Align {how}")


def distribute(stage: Stage, how: str) -> None:
    """Make the gaps between the selected cards equal.

    `how` is one of `DIRECTIONS`.
    """
    if how not in DIRECTIONS:
        raise ValueError(f"cards are distributed {' or '.join(DIRECTIONS)}, not {how!r}")
    boxes = _boxes(stage)
    if len(boxes) < 3:
        return
    across = how == "horizontally"
    order = sorted(boxes, key=lambda item_id: boxes[item_id].x() if across else boxes[item_id].y())
    first, last = boxes[order[0]], boxes[order[-1]]
    span = last.right() - first.left() if across else last.bottom() - first.top()
    sizes = [boxes[item_id].width() if across else boxes[item_id].height() for item_id in order]
    gap = (span - sum(sizes)) / (len(order) - 1)
    at = first.left() if across else first.top()
    positions: dict[str, Position] = {}
    for item_id, size in zip(order, sizes, strict=True):
        box = boxes[item_id]
        positions[item_id] = (at, box.y()) if across else (box.x(), at)
        at += size + gap
    _move(stage, positions, f"Distribute {how}")


def arrange_all(stage: Stage, keep_placed: bool = False) -> None:
    """Arrange the network in layers from left to right.

    `keep_placed` leaves the selected cards where they are; where nothing is selected, all cards
    that already stand free of others.
    """
    from dlstudio.design.arrange import arrange

    graph = stage.project.graph_at(stage.scope)
    positions = stage.project.layout_at(stage.scope).positions
    fixed = _kept(stage) if keep_placed else frozenset()
    keep = {node_id: positions[node_id] for node_id in fixed if node_id in positions}
    _move(stage, arrange(graph, keep=keep), "Arrange")


def nudge(stage: Stage, way: QPointF) -> None:
    """Move the selection a little; nudges in a row are one undo step."""
    ids = stage.document.selection
    if ids:
        move_by(stage, ids, way, "Move", merge=f"nudge:{stage.scope}:{','.join(sorted(ids))}")


def _kept(stage: Stage) -> frozenset[str]:
    """Return the selected cards, or those that no other card covers."""
    cards = stage.scene.cards
    selected = frozenset(node_id for node_id in stage.document.selection if node_id in cards)
    if selected:
        return selected
    return frozenset(
        node_id for node_id, card in cards.items() if len(stage.scene.cards_within(card.rect)) == 1
    )


def _boxes(stage: Stage) -> Mapping[str, QRectF]:
    """Return the boxes that the selected cards and notes take up in the layout."""
    layout = stage.project.layout_at(stage.scope)
    boxes: dict[str, QRectF] = {}
    for item_id in sorted(stage.document.selection):
        note = layout.notes.get(item_id.removeprefix(NOTE_PREFIX))
        if item_id in layout.positions:
            boxes[item_id] = QRectF(*layout.positions[item_id], CARD_WIDTH, CARD_BOX)
        elif note is not None:
            boxes[item_id] = QRectF(note.x, note.y, note.width, note.height)
    return boxes


def _aligned(box: QRectF, whole: QRectF, how: str) -> Position:
    x = {
        "left": whole.left(),
        "centre": whole.center().x() - box.width() / 2,
        "right": whole.right() - box.width(),
    }.get(how, box.x())
    y = {
        "top": whole.top(),
        "middle": whole.center().y() - box.height() / 2,
        "bottom": whole.bottom() - box.height(),
    }.get(how, box.y())
    return x, y


def _move(stage: Stage, places: Mapping[str, Position], text: str) -> None:
    scope = stage.scope
    stage.edit(lambda project: move_nodes(project, places, scope=scope), text)
