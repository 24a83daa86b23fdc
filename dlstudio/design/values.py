"""Plain values that a node's settings may hold. Knows nothing of layer kinds."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, Union


@dataclass(frozen=True, slots=True)
class Ref:
    """A number known elsewhere: a block parameter, or a fact of the data such as `classes`.

    Its value is `name * times / divide`; a remainder is a mistake, never rounded away.
    """

    name: str
    times: int = 1
    divide: int = 1


Value: TypeAlias = Union[
    bool, int, float, str, Ref, tuple["Value", ...], Mapping[str, "Value"], None
]


def freeze(value: Value) -> Hashable:
    """Return a hashable twin of `value`, equal exactly when the values are equal in kind."""
    if isinstance(value, Mapping):
        return ("map", *((key, freeze(value[key])) for key in sorted(value)))
    if isinstance(value, tuple):
        return ("list", *map(freeze, value))
    return (type(value).__name__, value)
