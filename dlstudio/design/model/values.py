"""Plain values that a node's settings may contain. Knows nothing about layer kinds."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, Union


@dataclass(frozen=True, slots=True)
class Ref:
    """A number defined elsewhere: a block parameter, or a data fact such as `classes`.

    Its value is `name * times / divide`; a remainder is an error and is never rounded.
    """

    name: str
    times: int = 1
    divide: int = 1


Value: TypeAlias = Union[
    bool, int, float, str, Ref, tuple["Value", ...], Mapping[str, "Value"], None
]

MAX_INTEGER = 2**63 - 1
MAX_DEPTH = 16
_SCALAR_TYPES = frozenset((bool, int, float, str, type(None), Ref))


def freeze(value: Value) -> Hashable:
    """Return a hashable form of `value`; forms are equal exactly when values and types are."""
    kind = type(value)
    if kind in _SCALAR_TYPES:
        return (kind.__name__, value)
    if isinstance(value, tuple):
        return ("list", *map(freeze, value))
    if isinstance(value, Mapping):
        return ("map", *((key, freeze(value[key])) for key in sorted(value)))
    return (kind.__name__, value)


def same_value(one: Value, other: Value) -> bool:
    """Return whether two values are equal in type too: 1, 1.0 and True differ."""
    return one is other or freeze(one) == freeze(other)


def check_value(value: object, depth: int = 0) -> None:
    """Raise ValueError, with a readable reason, for a value that a file cannot store."""
    if depth > MAX_DEPTH:
        raise ValueError(f"values are nested more than {MAX_DEPTH} deep")
    if isinstance(value, str):
        check_text(value)
    elif isinstance(value, (int, float)):
        check_number(value)
    elif isinstance(value, Ref):
        check_value((value.name, value.times, value.divide), depth)
    elif isinstance(value, tuple):
        for part in value:
            check_value(part, depth + 1)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if not isinstance(key, str):
                raise ValueError(f"the key of a value must be text, not {key!r}")
            check_value(key, depth + 1)
            check_value(part, depth + 1)
    elif value is not None:
        raise ValueError(f"a {type(value).__name__} cannot be stored in a design")


def check_number(number: float) -> None:
    """Raise ValueError for a number that cannot be stored or computed with."""
    if isinstance(number, float) and not math.isfinite(number):
        raise ValueError(f"{number} is not a finite number")
    if isinstance(number, int) and abs(number) > MAX_INTEGER:
        raise ValueError("the number has more than 18 digits")


def check_text(text: str) -> None:
    """Raise ValueError for text that cannot be stored or displayed."""
    if "\0" in text or not (text.isascii() or text.encode(errors="replace").decode() == text):
        raise ValueError("the text contains characters that are not valid Unicode")


def one_line(text: str) -> str:
    """Return text without line breaks and control characters, for a title."""
    return " ".join(text.translate(_CONTROLS).split())


_CONTROLS = dict.fromkeys([*range(32), *range(127, 160), 0x2028, 0x2029], " ")
