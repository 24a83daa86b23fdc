"""Resolves the `Ref`s in a value to numbers."""

from __future__ import annotations

from collections.abc import Mapping

from dlstudio.design.model.values import Ref, Value


def resolve_refs(value: Value, known_values: Mapping[str, int]) -> Value:
    """Return `value` with every `Ref` in it replaced by its number.

    Raises:
        ValueError: An unknown name, or a division with a remainder.
    """
    if isinstance(value, tuple):
        return tuple(resolve_refs(part, known_values) for part in value)
    if not isinstance(value, Ref):
        return value
    if value.name not in known_values:
        known = ", ".join(sorted(known_values)) or "none"
        raise ValueError(f"{value.name!r} is not defined here; available names: {known}")
    if value.divide < 1:
        raise ValueError(f"{value.name!r} cannot be divided by {value.divide}")
    number, remainder = divmod(known_values[value.name] * value.times, value.divide)
    if remainder:
        raise ValueError(
            f"{value.name} × {value.times} = {known_values[value.name] * value.times} "
            f"cannot be divided by {value.divide} without a remainder"
        )
    return number
