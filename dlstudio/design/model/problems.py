"""A mistake as a value with a remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How bad: an error stops training, a warning and a hint do not."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Repair:
    """An edit's name and arguments, as data: checked again when it is applied.

    Attributes:
        title: What the button says: `Insert 1×1 Conv2d (16 → 32)`.
        edit: Name in `dlstudio.design.commands.repairs.EDITS`.
        arguments: Keyword arguments of that edit, plain values.
    """

    title: str
    edit: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to do.

    Attributes:
        path: Dotted path of the node, empty for the whole network.
        port: The port concerned, or empty.
        code: Stable word for scripts and tests: `missing-flatten`.
        text: One or two sentences naming the shapes, the rule and what to change.
        title: A short headline for the card: `Add cannot join 16×14×14 and 32×14×14`.
        repairs: Remedies, best first.
        details: Torch's own words, shown only on request.
        edge: Key of the wire concerned, or empty.
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
