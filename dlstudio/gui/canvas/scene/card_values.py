"""Numbers on the cards, such as gradient norms, measured in each layer by the visible view."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dlstudio.gui.widgets.number_format import format_integer, format_value
from dlstudio.insight.views.values import CardOverlay

_DIGITS = 3
_MAX_PLAIN = 1e5
"""Numbers from this size on are written with an exponent."""


@dataclass(frozen=True, slots=True)
class CardValue:
    """The number of one card.

    Attributes:
        text: The number with its unit.
        share: Position on the colour scale, from −1 (most negative) to 1; NaN if not a number.
        description: Title and number, and for a block the layer it comes from.
    """

    text: str
    share: float
    description: str


class CardValues:
    """The numbers of one overlay by the path of their cards.

    A block without a number of its own shows that of the inner layer with the largest absolute
    value; a value that is not finite takes precedence.
    """

    def __init__(self) -> None:
        self._view = ""
        self._overlay = CardOverlay()
        self._sources: Mapping[str, str] = {}
        self._scale = (0.0, 1.0)

    def show(self, view: str, overlay: CardOverlay | None) -> bool:
        """Show the overlay of a view, or remove it with None; return whether anything changed.

        Removing the overlay of a view that another one has replaced changes nothing.
        """
        if overlay is None and view != self._view:
            return False
        shown = overlay or CardOverlay()
        sources, scale = _source_paths(shown.values), _scale(shown)
        self._view = view if overlay is not None else ""
        self._overlay, self._sources, self._scale = shown, sources, scale
        return True

    def value(self, path: str) -> CardValue | None:
        """Return the number of the card with this path, or None."""
        source = self._sources.get(path)
        if source is None:
            return None
        overlay = self._overlay
        number = overlay.values[source]
        text = f"{_number_text(number)} {overlay.unit}".strip()
        title = f"{overlay.title}: " if overlay.title else ""
        inner = source.removeprefix(f"{path}.")
        origin = f" (largest in the block: {inner})" if source != path else ""
        return CardValue(text, self._share(number), f"{title}{text}{origin}")

    def _share(self, number: float) -> float:
        low, high = self._scale
        if math.isnan(number):
            return number
        share = number / max(-low, high) if low < 0 else (number - low) / (high - low)
        return min(max(share, -1.0 if low < 0 else 0.0), 1.0)


def _number_text(number: float) -> str:
    """Return three significant digits, or all integer digits of a number of moderate size."""
    if 10**_DIGITS <= abs(number) < _MAX_PLAIN:
        return format_integer(number).replace("-", "−")
    return format_value(number, _DIGITS)


def _source_paths(values: Mapping[str, float]) -> Mapping[str, str]:
    """Return the path whose number is shown for each layer and for each block around one."""
    sources: dict[str, str] = {}
    for path in values:
        for block in _blocks_around(path):
            known = sources.get(block)
            if known is None or _rank(values[path]) > _rank(values[known]):
                sources[block] = path
    return {**sources, **{path: path for path in values}}


def _blocks_around(path: str) -> Iterator[str]:
    block = path.rpartition(".")[0]
    while block:
        yield block
        block = block.rpartition(".")[0]


def _rank(number: float) -> tuple[bool, float]:
    return not math.isfinite(number), 0.0 if math.isnan(number) else abs(number)


def _scale(overlay: CardOverlay) -> tuple[float, float]:
    """Return the ends of the colour scale; it starts at zero unless a value is negative.

    An end that is not finite is taken from the values, and the scale is never empty.
    """
    finite = [number for number in overlay.values.values() if math.isfinite(number)]
    low, high = min(0.0, *finite) if finite else 0.0, max(finite, default=1.0)
    if overlay.low is not None and math.isfinite(overlay.low):
        low = overlay.low
    if overlay.high is not None and math.isfinite(overlay.high):
        high = overlay.high
    return low, high if high > low else max(low + 1.0, math.nextafter(low, math.inf))
