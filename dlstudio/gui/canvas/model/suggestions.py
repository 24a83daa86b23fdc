"""Orders what can be added by how well it suits a place: by the signal there, and what precedes.

Within a category the palette's order stands. Uses facts of the design only, no statistics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dlstudio.design.model.signals import Signal
from dlstudio.gui.canvas.model.insertable_items import InsertableItem
from dlstudio.layers.dimension_variants import variant_fix
from dlstudio.layers.registry import find, is_plugin

_FOLLOWING = {
    "": ("io", "dense", "convolution", "recurrent", "merge"),
    "io": ("convolution", "dense", "recurrent", "attention", "merge", "normalisation"),
    "dense": ("activation", "normalisation", "dense", "attention", "io"),
    "convolution": ("normalisation", "activation", "pooling", "convolution", "merge"),
    "pooling": ("convolution", "merge", "dense", "normalisation", "activation"),
    "normalisation": ("activation", "convolution", "dense", "pooling", "attention"),
    "activation": ("pooling", "convolution", "dense", "normalisation", "merge", "io"),
    "recurrent": ("recurrent", "dense", "normalisation", "attention", "pooling"),
    "attention": ("normalisation", "dense", "attention", "merge", "pooling"),
    "merge": ("dense", "activation", "normalisation", "convolution", "pooling"),
    "blocks": ("normalisation", "activation", "pooling", "convolution", "dense", "merge"),
}
"""Which categories usually follow one; only kinds that accept the signal are led by it."""
SEQUENCE_AXES = 2
_ENDS = frozenset({"output", "block_output"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card will be added.

    Attributes:
        category: Category of the card before it, empty if there is none.
        signal: What comes out of that card, None while unknown.
        is_end: Whether the signal already has the shape that the data expects.
    """

    category: str = ""
    signal: Signal | None = None
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item, and why it does not suit the place; the reason is empty if it does."""

    item: InsertableItem
    reason: str = ""


def suggestions(items: Iterable[InsertableItem], place: Place) -> list[Suggestion]:
    """Return all items, best first: one of each suitable category, the others, then misfits."""
    candidates = [Suggestion(item, misfit_reason(item, place)) for item in items]
    order = _FOLLOWING.get(place.category, _FOLLOWING["merge"])
    fitting = [
        candidate for candidate in candidates if not candidate.reason and _joins(candidate, place)
    ]
    leading = [c for c in fitting if _is_usual(c.item, place)]
    leaders = [
        next((c for c in leading if c.item.category == category), None) for category in order
    ]
    if place.is_end:
        leaders.insert(0, next((c for c in fitting if c.item.kind in _ENDS), None))
    first = list(dict.fromkeys(leader for leader in leaders if leader is not None))
    rank = {category: number for number, category in enumerate(order)}
    others = [c for c in fitting if c not in first]
    others.sort(
        key=lambda candidate: (
            candidate not in leading,
            rank.get(candidate.item.category, len(rank)),
        )
    )
    rest = [c for c in candidates if c not in fitting]
    rest.sort(key=lambda candidate: bool(candidate.reason))
    return [*first, *others, *rest]


def misfit_reason(item: InsertableItem, place: Place) -> str:
    """Return why an item cannot take the signal of a place, empty if it can or may."""
    kind = find(item.token)
    if place.signal is None or kind is None or not item.inputs or is_plugin(kind):
        return ""
    inputs = {port.name: (place.signal,) for port in item.inputs if not port.optional}
    wrong = (problem for problem in kind().check(inputs) if problem.is_contradiction)
    return next((problem.title for problem in wrong), "")


@dataclass(frozen=True, slots=True)
class Adapter:
    """A layer that turns a signal into one that another layer accepts."""

    kind: str
    settings: Mapping[str, Any]
    title: str


def adapter_for(item: InsertableItem, place: Place) -> Adapter | None:
    """Return the layer that must stand before an item, if the only fix there is inserts it.

    None if another variant of the item, such as that for images, would need no such layer.
    """
    kind = find(item.token)
    if place.signal is None or kind is None or is_plugin(kind) or len(item.inputs) != 1:
        return None
    inputs = {item.inputs[0].name: (place.signal,)}
    wrong = [problem for problem in kind().check(inputs) if problem.is_contradiction]
    if variant_fix(kind(), inputs) is not None:
        return None
    if len(wrong) != 1 or [repair.edit for repair in wrong[0].repairs] != ["insert_before"]:
        return None
    arguments = wrong[0].repairs[0].arguments
    inserted = find(str(arguments["kind"]))
    if inserted is None:
        return None
    return Adapter(inserted.name, arguments["settings"], inserted.title)


def _is_usual(item: InsertableItem, place: Place) -> bool:
    """Whether an item that accepts the signal also makes sense of its axes, with one wire."""
    kind, signal = find(item.token), place.signal
    if sum(2 if port.variadic else 1 for port in item.inputs if not port.optional) > 1:
        return False
    if kind is None or signal is None or is_plugin(kind):
        return True
    if _misreads_axes(item, len(signal.shape), is_end=place.is_end):
        return False
    inputs = {port.name: (signal,) for port in item.inputs if not port.optional}
    return not list(kind().check(inputs))


def _misreads_axes(item: InsertableItem, axes: int, *, is_end: bool) -> bool:
    """Whether an item accepts so many axes, but rarely for what they mean."""
    return (
        (item.category == "pooling" and item.token.endswith(f"{axes}d"))
        or (item.category == "recurrent" and axes != SEQUENCE_AXES)
        or (item.token == "flatten" and axes == 1)
        or (item.kind in _ENDS and axes > 1 and not is_end)
    )


def _joins(candidate: Suggestion, place: Place) -> bool:
    """Whether the item could be wired to what precedes it; without that, everything could."""
    return not place.category or bool(candidate.item.inputs)
