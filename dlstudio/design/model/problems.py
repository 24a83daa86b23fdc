"""Problems and their fixes as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """Only an error prevents training."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Repair:
    """A fix: the name of an edit and its arguments. It is validated again when applied.

    Attributes:
        title: Text of the button: `Insert 1×1 Conv2d (16 → 32)`.
        edit: Name in `dlstudio.design.commands.repairs.EDITS`.
        arguments: Keyword arguments of that edit, as plain values.
    """

    title: str
    edit: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and how to fix it.

    Attributes:
        path: Dotted path of the node, empty for the whole network.
        port: Name of the port concerned, or empty.
        code: Stable identifier for scripts and tests: `missing-flatten`.
        text: One or two sentences that name the shapes, the rule and what to change.
        title: A short headline for the card: `Add cannot join 16×14×14 and 32×14×14`.
        repairs: Fixes, best first.
        details: PyTorch's own message, shown only on request.
        edge: Key of the edge concerned, or empty.
    """

    severity: Severity
    path: str
    code: str
    text: str
    title: str = ""
    port: str = ""
    repairs: tuple[Repair, ...] = ()
    details: str = ""
    edge: str = ""


def error(
    code: str,
    title: str,
    text: str,
    *repairs: Repair,
    path: str = "",
    port: str = "",
    details: str = "",
    edge: str = "",
) -> Problem:
    """Return an error of the network, or of the node at `path`."""
    return Problem(Severity.ERROR, path, code, text, title, port, repairs, details, edge)


def warning(code: str, title: str, text: str, *repairs: Repair, path: str = "") -> Problem:
    """Return a warning."""
    return replace(error(code, title, text, *repairs, path=path), severity=Severity.WARNING)


def hint(code: str, title: str, text: str, *repairs: Repair, path: str = "") -> Problem:
    """Return advice, which does not prevent training."""
    return replace(error(code, title, text, *repairs, path=path), severity=Severity.HINT)
