"""What can be added to the canvas: the layer kinds and the design's own blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from dlstudio.design.model import Project
from dlstudio.design.ports import Port
from dlstudio.design.problems import Severity
from dlstudio.design.signals import Signal
from dlstudio.design.values import Value
from dlstudio.gui.canvas.describe import BLOCK, BLOCK_INPUT, BLOCK_OUTPUT
from dlstudio.layers.registry import KINDS, find

KIND_MIME = "application/x-dlstudio-kind"
"""What a drag from the palette carries: an entry's `token` as UTF-8."""

BLOCK_TOKEN = "block:"


@dataclass(frozen=True)
class Entry:
    """One thing to add.

    Attributes:
        token: A layer kind's name, or `block:` and a block's id.
    """

    token: str
    title: str
    category: str
    summary: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]

    @property
    def kind(self) -> str:
        """The word that the new node stores."""
        return BLOCK if self.token.startswith(BLOCK_TOKEN) else self.token

    @property
    def settings(self) -> Mapping[str, Value]:
        """What the new node starts with."""
        if self.kind == BLOCK:
            return {"block": self.token.removeprefix(BLOCK_TOKEN)}
        return {}


def entries(project: Project) -> tuple[Entry, ...]:
    """Return everything that can be added, the design's blocks last."""
    return (*_kinds(), *(_block(project, each) for each in project.blocks))


def entry(project: Project, token: str) -> Entry | None:
    """Return the entry of a token, None where it is not known."""
    return next((each for each in entries(project) if each.token == token), None)


def fits(each: Entry, signal: Signal | None, from_output: bool) -> bool:
    """Return whether an entry could be wired to a port through which `signal` runs."""
    if not from_output:
        return bool(each.outputs)
    if not each.inputs:
        return False
    kind = find(each.token)
    if signal is None or kind is None:
        return True
    inputs = {port.name: (signal,) for port in each.inputs if not port.optional}
    problems = kind().check(inputs)
    return all(problem.severity is not Severity.ERROR for problem in problems)


@cache
def _kinds() -> tuple[Entry, ...]:
    return tuple(
        Entry(name, kind.title, kind.category, kind.summary, kind.inputs, kind.outputs)
        for name, kind in KINDS.items()
    )


def _block(project: Project, block_id: str) -> Entry:
    block = project.blocks[block_id]
    nodes = block.graph.nodes.values()
    return Entry(
        BLOCK_TOKEN + block_id,
        block.title,
        "blocks",
        block.help,
        tuple(Port(node.id) for node in nodes if node.kind == BLOCK_INPUT),
        tuple(Port(node.id) for node in nodes if node.kind == BLOCK_OUTPUT),
    )
