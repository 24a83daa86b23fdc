"""Problems and fixes that several layer kinds share. Imports no particular kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dlstudio.design.model.problems import Problem, Repair, error, hint
from dlstudio.design.model.signals import Signal

INTEGER_DTYPES = ("int64", "int32", "uint8")
ALL_DTYPES = ("float32", *INTEGER_DTYPES, "bool")
MAX_ELEMENTS = 10**11
"""Limit on the size of a tensor, far above the memory of any computer."""


def shape_text(sizes: Iterable[int]) -> str:
    """Return sizes as text: `3×3`."""
    return "×".join(map(str, sizes))


def layer_error(
    code: str,
    title: str,
    text: str,
    repairs: Iterable[Repair] = (),
    port: str = "input",
    *,
    short: str = "",
    details: str = "",
) -> Problem:
    """Return an error of a layer at one of its ports; the caller sets the path."""
    return error(code, title, text, *repairs, port=port, details=details, short=short)


def layer_hint(
    code: str, title: str, text: str, repairs: Iterable[Repair] = (), *, short: str = ""
) -> Problem:
    """Return advice on a layer, which does not prevent training; the caller sets the path."""
    return hint(code, title, text, *repairs, short=short)


def setting_error(
    title: str, text: str, repairs: Iterable[Repair] = (), *, short: str = ""
) -> Problem:
    """Return the problem of settings that contradict each other, whatever the input."""
    return layer_error("bad-setting", title, text, repairs, port="", short=short)


def change(title: str, /, **changes: Any) -> Repair:
    """Return the fix that changes some of the layer's settings."""
    return Repair(title, "set_settings", {"changes": changes})


def insert(title: str, kind: str, settings: Mapping[str, Any], port: str = "input") -> Repair:
    """Return the fix that inserts a layer before this one, on the wire into a port."""
    return Repair(title, "insert_before", {"port": port, "kind": kind, "settings": dict(settings)})


def insert_on_wires(
    title: str, inserts: Sequence[tuple[int, str, Mapping[str, Any]]], port: str
) -> Repair:
    """Return the fix that inserts layers on several wires of a variadic port.

    `inserts` has for each layer the wire's index in the order of slots, the kind and its settings;
    several layers on one wire follow each other.
    """
    items = tuple(
        {"wire": wire, "kind": kind, "settings": dict(settings)} for wire, kind, settings in inserts
    )
    return Repair(title, "insert_before_many", {"port": port, "inserts": items})


REMOVE = Repair("Remove this layer and join its neighbours", "remove", {"rewire": True})


def wrong_dtype(
    title: str,
    signal: Signal,
    expected: str,
    advice: str,
    repairs: Iterable[Repair] = (),
    *,
    port: str = "input",
) -> Problem:
    """Return the problem of an input with the wrong element type."""
    return layer_error(
        "wrong-dtype",
        f"{title} cannot take {dtype_text(signal.dtype)}",
        f"{title} works on {expected}, but the input is {signal.text()} of type {signal.dtype}. "
        f"{advice}",
        repairs,
        port,
        short=dtypes_differ(signal.dtype, "integers" if signal.dtype == "float32" else "floats"),
    )


def dtypes_differ(dtype: str, needed: str) -> str:
    """Return an element type, and what is needed instead, for a card: `integers ≠ floats`."""
    actual = "integers" if dtype in INTEGER_DTYPES else "bool" if dtype == "bool" else "floats"
    return f"{actual} ≠ {needed}"


def dtype_text(dtype: str) -> str:
    """Return an element type as text, such as `float32 numbers`."""
    if dtype == "bool":
        return "true-or-false values"
    return "integers" if dtype in INTEGER_DTYPES else f"{dtype} numbers"


def too_large(title: str, what: str, count: int, port: str = "") -> Problem:
    """Return the problem of a tensor that exceeds any computer's memory."""
    return layer_error(
        "too-large",
        f"{title} would be too large",
        f"{what} would hold {count:.3g} numbers, more than any computer can store. Choose smaller "
        "settings.",
        port=port,
        short="too large",
    )
