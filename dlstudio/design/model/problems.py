"""Problems and their fixes as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

MEMORY = "memory"
"""Code of the warning that this computer has too little memory: the design is right, and another
computer may train it, but a run is refused here."""


class Severity(StrEnum):
    """An error prevents training; see also `Problem.prevents_training`."""

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
        short: The few words for a card, see `short_texts`: `64 ≠ 3`.
        incomplete: Whether something is only missing so far; otherwise things contradict each
            other. Either prevents training if the severity is an error.
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
    short: str = ""
    incomplete: bool = False

    @property
    def is_contradiction(self) -> bool:
        """Whether it is an error that more wires or layers alone would not remove."""
        return self.severity is Severity.ERROR and not self.incomplete

    @property
    def prevents_training(self) -> bool:
        """Whether no run may start: an error of the design, or a limit of this computer."""
        return self.severity is Severity.ERROR or self.code == MEMORY

    @property
    def rank(self) -> int:
        """Order by weight: a contradiction, what is missing, a warning, a hint."""
        if self.severity is Severity.ERROR:
            return 1 if self.incomplete else 0
        return 2 if self.severity is Severity.WARNING else 3


def error(
    code: str,
    title: str,
    text: str,
    *repairs: Repair,
    path: str = "",
    port: str = "",
    details: str = "",
    edge: str = "",
    short: str = "",
) -> Problem:
    """Return an error of the network, or of the node at `path`."""
    return Problem(
        Severity.ERROR, path, code, text, title, port, repairs, details, edge, short=short
    )


def incomplete(
    code: str,
    title: str,
    text: str,
    *repairs: Repair,
    path: str = "",
    port: str = "",
    short: str = "",
) -> Problem:
    """Return what is still missing before training, in the network or at the node at `path`."""
    problem = error(code, title, text, *repairs, path=path, port=port, short=short)
    return replace(problem, incomplete=True)


def warning(
    code: str, title: str, text: str, *repairs: Repair, path: str = "", short: str = ""
) -> Problem:
    """Return a warning."""
    problem = error(code, title, text, *repairs, path=path, short=short)
    return replace(problem, severity=Severity.WARNING)


def hint(
    code: str, title: str, text: str, *repairs: Repair, path: str = "", short: str = ""
) -> Problem:
    """Return advice, which does not prevent training."""
    problem = error(code, title, text, *repairs, path=path, short=short)
    return replace(problem, severity=Severity.HINT)


def problem_from_values(values: Mapping[str, Any]) -> Problem:
    """Return the problem with these values of its fields."""
    return Problem(**values)
