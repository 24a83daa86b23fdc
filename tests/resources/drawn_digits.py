"""Draws fifty digits by strokes and writes them to `resources` as one sheet, a row for each style.

python -m tests.resources.drawn_digits

Each digit is a list of strokes: points in a box of width 1 and height 1, y downwards, joined by a
spline. They are rasterised as MNIST's are: fitted into 20×20 pixels and centred by mass in 28×28.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

Array = npt.NDArray[np.float64]
Point = tuple[float, float]
Stroke = Sequence[Point]
FILE = Path(__file__).parents[2] / "resources" / "drawn-digits.png"
SIZE, BOX, FINE = 28, 20, 8
"""Pixels of an image, of the box around its digit, and samples along a side of a pixel."""


@dataclass(frozen=True)
class Style:
    """How a writer writes.

    Attributes:
        width: Width of the pen, in pixels.
        slant: Shift to the right per height.
        turn: Rotation in radians.
        aspect: Width over height relative to the drawing.
        unsteadiness: Deviation of the points from the drawing.
    """

    width: float
    slant: float
    turn: float
    aspect: float
    unsteadiness: float


STYLES = (
    Style(2.4, 0.10, 0.00, 1.00, 0.008),
    Style(1.9, 0.28, 0.03, 0.92, 0.012),
    Style(3.2, 0.00, -0.04, 1.05, 0.010),
    Style(2.2, -0.08, 0.02, 1.10, 0.014),
    Style(2.7, 0.18, -0.02, 0.85, 0.012),
)


def arc(  # noqa: PLR0917
    x: float, y: float, width: float, height: float, start: float, end: float
) -> list[Point]:
    """Return points on an ellipse from `start` to `end`, in turns clockwise from the top."""
    steps = max(4, round(abs(end - start) * 14))
    turns = [2 * math.pi * (start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(x + width * math.sin(turn), y - height * math.cos(turn)) for turn in turns]


ZERO = arc(0.5, 0.5, 0.36, 0.5, 0.05, 1.03)
NARROW_ZERO = arc(0.5, 0.5, 0.27, 0.5, 0.1, 1.16)
OPEN_ZERO = arc(0.5, 0.5, 0.40, 0.46, 0.08, 1.02)
ONE = [(0.5, 0.0), (0.5, 0.35), (0.49, 0.7), (0.48, 1.0)]
ONE_WITH_FLAG = [(0.26, 0.26), (0.38, 0.14), (0.52, 0.0)]
TWO = [*arc(0.48, 0.28, 0.34, 0.28, -0.23, 0.32), (0.62, 0.56), (0.4, 0.76), (0.14, 0.98)]
TWO_BASE = [(0.14, 0.98), (0.4, 0.97), (0.65, 0.98), (0.9, 0.96)]
LOOPED_TWO = [
    *arc(0.5, 0.27, 0.32, 0.27, -0.2, 0.34), (0.62, 0.55), (0.42, 0.76), (0.22, 0.92),
    (0.11, 0.93), (0.12, 0.81), (0.24, 0.79), (0.42, 0.87), (0.62, 0.96), (0.8, 0.96), (0.92, 0.86),
]  # fmt: skip
THREE = [
    *arc(0.45, 0.25, 0.33, 0.25, -0.22, 0.44), (0.42, 0.48),
    *arc(0.44, 0.73, 0.38, 0.27, 0.04, 0.78),
]  # fmt: skip
FLAT_THREE = [(0.16, 0.03), (0.45, 0.02), (0.8, 0.02)]
FLAT_THREE_BODY = [(0.8, 0.02), (0.62, 0.22), (0.45, 0.4), *arc(0.44, 0.7, 0.38, 0.3, 0.02, 0.76)]
FOUR = [(0.3, 0.02), (0.22, 0.3), (0.14, 0.56), (0.36, 0.6), (0.62, 0.58), (0.92, 0.56)]
FOUR_STEM = [(0.7, 0.1), (0.68, 0.4), (0.66, 0.7), (0.63, 1.0)]
CLOSED_FOUR = [(0.66, 0.0), (0.42, 0.28), (0.08, 0.66)]
CLOSED_FOUR_BAR = [(0.08, 0.66), (0.36, 0.67), (0.64, 0.66), (0.94, 0.65)]
CLOSED_FOUR_STEM = [(0.66, 0.0), (0.66, 0.34), (0.65, 0.66), (0.65, 1.0)]
FIVE = [(0.3, 0.04), (0.27, 0.2), (0.24, 0.43), *arc(0.44, 0.69, 0.36, 0.31, -0.06, 0.72)]
FIVE_BAR = [(0.3, 0.04), (0.5, 0.04), (0.86, 0.02)]
SIX = [(0.72, 0.0), (0.48, 0.14), (0.28, 0.38), *arc(0.48, 0.71, 0.31, 0.29, -0.28, 0.74)]
STRAIGHT_SIX = [(0.5, 0.0), (0.34, 0.24), (0.22, 0.5), *arc(0.48, 0.74, 0.29, 0.26, -0.25, 0.8)]
SEVEN = [(0.1, 0.05), (0.36, 0.04), (0.62, 0.04), (0.88, 0.03)]
SEVEN_STEM = [(0.88, 0.03), (0.72, 0.28), (0.56, 0.6), (0.44, 1.0)]
SEVEN_BAR = [(0.36, 0.52), (0.56, 0.5), (0.8, 0.48)]
CURVED_SEVEN_STEM = [(0.88, 0.03), (0.66, 0.26), (0.52, 0.6), (0.5, 1.0)]
SEVEN_HOOK = [(0.1, 0.2), (0.1, 0.12), (0.11, 0.05)]
EIGHT = [
    *arc(0.5, 0.25, 0.26, 0.25, 0.16, -0.40), (0.53, 0.5),
    *arc(0.5, 0.74, 0.31, 0.26, 0.12, 0.90), (0.46, 0.48), (0.66, 0.34), (0.73, 0.2), (0.65, 0.08),
]  # fmt: skip
EIGHT_TOP, EIGHT_BASE = arc(0.5, 0.24, 0.26, 0.24, 0.5, 1.52), arc(0.5, 0.73, 0.33, 0.27, 0.0, 1.03)
NINE = [*arc(0.46, 0.27, 0.29, 0.27, 0.2, -0.82), (0.74, 0.3), (0.7, 0.6), (0.62, 1.0)]
HOOKED_NINE = [
    *arc(0.48, 0.28, 0.31, 0.28, 0.2, -0.80), (0.79, 0.3), (0.78, 0.62), (0.7, 0.88), (0.5, 0.99),
    (0.28, 0.92),
]  # fmt: skip
DIGITS: Mapping[int, Sequence[Sequence[Stroke]]] = {
    0: ((ZERO,), (NARROW_ZERO,), (ZERO,), (OPEN_ZERO,), (NARROW_ZERO,)),
    1: ((ONE,), (ONE,), (ONE_WITH_FLAG, ONE), (ONE_WITH_FLAG, ONE), (ONE,)),
    2: ((TWO, TWO_BASE), (LOOPED_TWO,), (TWO, TWO_BASE), (LOOPED_TWO,), (TWO, TWO_BASE)),
    3: ((THREE,), (THREE,), (THREE,), (FLAT_THREE, FLAT_THREE_BODY), (THREE,)),
    4: (
        (FOUR, FOUR_STEM), (FOUR, FOUR_STEM), (CLOSED_FOUR, CLOSED_FOUR_BAR, CLOSED_FOUR_STEM),
        (FOUR, FOUR_STEM), (CLOSED_FOUR, CLOSED_FOUR_BAR, CLOSED_FOUR_STEM),
    ),
    5: ((FIVE, FIVE_BAR),) * 5,
    6: ((SIX,), (STRAIGHT_SIX,), (SIX,), (SIX,), (STRAIGHT_SIX,)),
    7: (
        (SEVEN, SEVEN_STEM), (SEVEN, CURVED_SEVEN_STEM), (SEVEN, SEVEN_STEM),
        (SEVEN_HOOK, SEVEN, CURVED_SEVEN_STEM), (SEVEN, SEVEN_STEM, SEVEN_BAR),
    ),
    8: ((EIGHT,), (EIGHT,), (EIGHT_TOP, EIGHT_BASE), (EIGHT_TOP, EIGHT_BASE), (EIGHT,)),
    9: ((NINE,), (NINE,), (HOOKED_NINE,), (NINE,), (HOOKED_NINE,)),
}  # fmt: skip
"""The strokes of each digit, one drawing for each style."""


def drawn_digits() -> npt.NDArray[np.uint8]:
    """Return the images (styles, digits, 28, 28), white on black."""
    generator = np.random.default_rng(1943)
    rows = [
        [_draw(strokes[row], style, generator) for strokes in DIGITS.values()]
        for row, style in enumerate(STYLES)
    ]
    return np.array(rows)


def sheet(images: npt.NDArray[np.uint8]) -> Image.Image:
    """Return the images side by side, a row for each style."""
    return Image.fromarray(np.concatenate([np.concatenate(list(row), 1) for row in images], 0))


def _draw(strokes: Iterable[Stroke], style: Style, generator: np.random.Generator) -> Array:
    lines = [_spline(_unsteady(np.array(stroke), style, generator)) for stroke in strokes]
    lines = _fit([_transformed(line, style) for line in lines], BOX - style.width)
    coverage = _rasterise(lines, style.width)
    ys, xs = np.mgrid[0 : coverage.shape[0], 0 : coverage.shape[1]]
    middle = (coverage.shape[0] - 1) / 2
    shift = [middle - float((axis * coverage).sum() / coverage.sum()) for axis in (xs, ys)]
    centred = _rasterise([line + np.array(shift) for line in lines], style.width)
    return np.rint(255 * centred).astype(np.uint8)


def _unsteady(points: Array, style: Style, generator: np.random.Generator) -> Array:
    """Return the points moved by a smooth deviation."""
    noise = generator.normal(0, style.unsteadiness, (len(points) + 4, 2))
    smooth = sum(noise[i : i + len(points)] for i in range(5)) / math.sqrt(5)
    return points + np.asarray(smooth)


def _spline(points: Array, steps: int = 12) -> Array:
    """Return a Catmull-Rom spline through the points."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    curves = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        linear, square, cube = c - a, 2 * a - 5 * b + 4 * c - d, -a + 3 * b - 3 * c + d
        curves.append(b + (linear * t + square * t**2 + cube * t**3) / 2)
    return np.concatenate([*curves, points[-1:]])


def _transformed(line: Array, style: Style) -> Array:
    x, y = line[:, 0] * 0.72 * style.aspect, line[:, 1]
    x = x - style.slant * y
    cosine, sine = math.cos(style.turn), math.sin(style.turn)
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], 1)


def _fit(lines: Sequence[Array], size: float) -> list[Array]:
    """Return the lines scaled to a square of this many pixels, in the middle of the image."""
    points = np.concatenate(list(lines))
    low, high = points.min(0), points.max(0)
    scale = size / float((high - low).max())
    return [(line - (low + high) / 2) * scale + (SIZE - 1) / 2 for line in lines]


def _rasterise(lines: Sequence[Array], width: float) -> Array:
    """Return the share of each pixel that the pen covers."""
    side = (np.arange(SIZE * FINE) + 0.5) / FINE - 0.5
    nearest = np.full((side.size, side.size), np.inf)
    for line in lines:
        for start, end in itertools.pairwise(line):
            _draw_segment(nearest, side, start, end, width)
    inside = np.clip((width / 2 - nearest) * FINE / 2 + 0.5, 0, 1)
    coverage: Array = inside.reshape(SIZE, FINE, SIZE, FINE).mean((1, 3))
    return coverage


def _draw_segment(nearest: Array, side: Array, start: Array, end: Array, width: float) -> None:
    """Lower the distances of the points near a line segment, where the pen may reach."""
    low, high = np.minimum(start, end) - width, np.maximum(start, end) + width
    (left, top), (right, bottom) = np.searchsorted(side, low), np.searchsorted(side, high)
    x, y = side[None, left:right] - start[0], side[top:bottom, None] - start[1]
    along = end - start
    length = float(along @ along)
    share = np.clip((x * along[0] + y * along[1]) / length, 0, 1) if length else 0.0
    distance = np.hypot(x - share * along[0], y - share * along[1])
    region = nearest[top:bottom, left:right]
    np.minimum(region, distance, out=region)


if __name__ == "__main__":
    sheet(drawn_digits()).save(FILE, optimize=True)
