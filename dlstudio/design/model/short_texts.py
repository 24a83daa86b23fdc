"""The few words of a problem that a card has room for: `64 ≠ 3`, `5 > 3`, `16 ÷ 3 leaves 1`.

They name the two numbers that contradict each other, and never exceed `MAX_LETTERS`.
"""

from __future__ import annotations

from collections.abc import Sequence

MAX_LETTERS = 17
"""Letters that the narrowest card shows at 100 %."""
_MAX_DIGITS = 14
"""The same for digits, which are wider than letters."""

Sizes = int | Sequence[int]


def unequal(left: Sizes, right: Sizes) -> str:
    """Return two sizes or shapes that should be equal; of two shapes only what differs."""
    first, second = _shape(left), _shape(right)
    if len(first) != len(second):
        return axes_differ(len(first), len(second))
    return _compare(first, second, "≠", [i for i in range(len(first)) if first[i] != second[i]])


def exceeds(left: Sizes, right: Sizes) -> str:
    """Return two sizes or shapes of which the first must not be larger; only what is larger."""
    first, second = _shape(left), _shape(right)
    return _compare(first, second, ">", [i for i in range(len(first)) if first[i] > second[i]])


def axes_differ(count: int, needed: int | str) -> str:
    """Return a number of axes, and the one that is needed: `3 axes ≠ 1`."""
    return f"{count} {'axis' if count == 1 else 'axes'} ≠ {needed}"


def indivisible(number: int, divisor: int) -> str:
    """Return a division with a remainder: `16 ÷ 3 leaves 1`."""
    text = f"{compact(number)} ÷ {compact(divisor)}"
    return short_enough(f"{text} leaves {number % divisor}", text)


def compact(number: int) -> str:
    """Return a number with few digits: `12345`, `1.2M`, `3.0G`, `4e+12`."""
    for size, letter in ((1e12, ""), (1e9, "G"), (1e6, "M")):
        if abs(number) >= size:
            return f"{number / size:.1f}{letter}" if letter else f"{number:.0e}"
    return str(number)


def short_enough(text: str, otherwise: str) -> str:
    """Return the text, or the other one if it is too long for a card."""
    return text if len(text) <= MAX_LETTERS else otherwise


def _compare(
    first: Sequence[int], second: Sequence[int], sign: str, differing: Sequence[int]
) -> str:
    if not differing:
        return "sizes differ"
    whole = f" {sign} ".join(
        "×".join(compact(shape[i]) for i in differing) for shape in (first, second)
    )
    left, right = (compact(shape[differing[0]]) for shape in (first, second))
    single = f"{left} {sign} {right}" if left != right else "sizes differ"
    return whole if left != right and len(whole) <= _MAX_DIGITS else single


def _shape(sizes: Sizes) -> tuple[int, ...]:
    return (sizes,) if isinstance(sizes, int) else tuple(sizes)
