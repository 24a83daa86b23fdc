"""Aligns, distributes and arranges cards."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF

from dlstudio.design.edits import move_nodes
from dlstudio.design.model.canvas_metrics import NOTE_PREFIX
from dlstudio.gui.canvas.commands.moving import move_by
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.canvas.scene.geometry import CARD_BOX, CARD_WIDTH

ALIGNMENTS = ("left", "centre", "right", "top", "middle", "bottom")
DISTRIBUTIONS = ("horizontally", "vertically")

Position = tuple[float, float]


def align(context: CanvasContext, alignment: str) -> None:
    """Align the selected cards by an edge or a centre line.

    `alignment` is one of `ALIGNMENTS`: `centre` uses the vertical centre line, `middle` the
    horizontal one.
    """
    if alignment not in ALIGNMENTS:
        raise ValueError(f"alignment must be one of {', '.join(ALIGNMENTS)}, not {alignment!r}")
    boxes = _boxes(context)
    if len(boxes) < 2:
        return
    bounds = QRectF()
    for box in boxes.values():
        bounds = bounds.united(box)
    positions = {
        item_id: _aligned_position(box, bounds, alignment) for item_id, box in boxes.items()
    }
    _apply_positions(context, positions, f"Align {alignment}")


def distribute(context: CanvasContext, direction: str) -> None:
    """Make the gaps between the selected cards equal; needs at least three.

    `direction` is one of `DISTRIBUTIONS`.
    """
    if direction not in DISTRIBUTIONS:
        raise ValueError(f"direction must be {' or '.join(DISTRIBUTIONS)}, not {direction!r}")
    boxes = _boxes(context)
    if len(boxes) < 3:
        return
    across = direction == "horizontally"
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
    _apply_positions(context, positions, f"Distribute {direction}")


def arrange_all(context: CanvasContext, keep_placed: bool = False) -> None:
    """Arrange the network in layers from left to right.

    `keep_placed` keeps the positions of the selected cards; with nothing selected, those of all
    cards that overlap no other.
    """
    from dlstudio.design.arrange.arrange import arrange

    graph = context.project.graph_at(context.scope)
    positions = context.project.layout_at(context.scope).positions
    fixed = _fixed_cards(context) if keep_placed else frozenset()
    keep = {node_id: positions[node_id] for node_id in fixed if node_id in positions}
    _apply_positions(context, arrange(graph, keep=keep), "Arrange")


def nudge(context: CanvasContext, offset: QPointF) -> None:
    """Move the selection by `offset` scene units; consecutive nudges merge into one undo step."""
    ids = context.document.selection
    if ids:
        move_by(
            context, ids, offset, "Move", merge=f"nudge:{context.scope}:{','.join(sorted(ids))}"
        )


def _fixed_cards(context: CanvasContext) -> frozenset[str]:
    """Return the selected cards, or those that overlap no other card."""
    cards = context.scene.cards
    selected = frozenset(node_id for node_id in context.document.selection if node_id in cards)
    if selected:
        return selected
    return frozenset(
        node_id
        for node_id, card in cards.items()
        if len(context.scene.cards_within(card.rect)) == 1
    )


def _boxes(context: CanvasContext) -> Mapping[str, QRectF]:
    """Return the layout boxes of the selected cards and notes."""
    layout = context.project.layout_at(context.scope)
    boxes: dict[str, QRectF] = {}
    for item_id in sorted(context.document.selection):
        note = layout.notes.get(item_id.removeprefix(NOTE_PREFIX))
        if item_id in layout.positions:
            boxes[item_id] = QRectF(*layout.positions[item_id], CARD_WIDTH, CARD_BOX)
        elif note is not None:
            boxes[item_id] = QRectF(note.x, note.y, note.width, note.height)
    return boxes


def _aligned_position(box: QRectF, bounds: QRectF, alignment: str) -> Position:
    x = {
        "left": bounds.left(),
        "centre": bounds.center().x() - box.width() / 2,
        "right": bounds.right() - box.width(),
    }.get(alignment, box.x())
    y = {
        "top": bounds.top(),
        "middle": bounds.center().y() - box.height() / 2,
        "bottom": bounds.bottom() - box.height(),
    }.get(alignment, box.y())
    return x, y


def _apply_positions(context: CanvasContext, positions: Mapping[str, Position], text: str) -> None:
    scope = context.scope
    context.edit(lambda project: move_nodes(project, positions, scope=scope), text)
