"""What can be added to the canvas: layer kinds, and shipped, user and design blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from dlstudio.design.blocks import merge_definitions, uses_block
from dlstudio.design.library.library import shipped_blocks, summary_of
from dlstudio.design.model.model import BLOCK, BLOCK_INPUT, BLOCK_OUTPUT, TOP, Block, Project
from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Severity
from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Value
from dlstudio.design.storage.block_file import BlockFile
from dlstudio.gui.canvas.model.node_description import BLOCK_PORTS, BLOCK_TITLES, block_ports
from dlstudio.gui.document.user_library import user_block_files
from dlstudio.layers.framework.categories import CATEGORIES
from dlstudio.layers.registry import KINDS, find

KIND_MIME = "application/x-dlstudio-kind"
"""MIME type of a drag from the palette; the data is an item's `token` as UTF-8."""

BLOCK_TOKEN = "block:"
SHIPPED_TOKEN = "shipped:"
USER_TOKEN = "mine:"
DESIGN_HEADING, SHIPPED_HEADING, USER_HEADING = "Blocks of this design", "Blocks", "My blocks"
_BLOCK_PORT_SUMMARIES = {
    BLOCK_INPUT: "Receives what is wired to the block",
    BLOCK_OUTPUT: "Returns the output of the block",
}


@dataclass(frozen=True)
class InsertableItem:
    """A layer kind or a block that can be added.

    Attributes:
        token: A layer kind's name, or `block:` and a block's id, or `shipped:` or `mine:` and the
            name of a block's file.
        heading: Heading it is listed under.
        file: Block file whose definitions must be added to the design first.
    """

    token: str
    title: str
    category: str
    summary: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    heading: str
    file: BlockFile | None = None

    @property
    def kind(self) -> str:
        """The kind stored in the new node."""
        return BLOCK if self.file is not None or self.token.startswith(BLOCK_TOKEN) else self.token

    def add_definitions(self, project: Project) -> tuple[Project, Mapping[str, Value]]:
        """Return the project with the definitions it needs, and the new node's settings."""
        if self.file is not None:
            project, ids = merge_definitions(project, self.file.definitions)
            return project, {"block": ids[self.file.block_id]}
        if self.kind == BLOCK:
            return project, {"block": self.token.removeprefix(BLOCK_TOKEN)}
        return project, {}


def insertable_items(project: Project, scope: str = TOP) -> tuple[InsertableItem, ...]:
    """Return everything that can be added in a scope, blocks last."""
    return (
        *(_kind_items() if scope == TOP else _block_scope_items()),
        *_shipped_items(),
        *(
            _file_item(USER_TOKEN + name, file, USER_HEADING)
            for name, file in user_block_files().items()
        ),
        *(
            _block_item(BLOCK_TOKEN + block_id, block, DESIGN_HEADING)
            for block_id, block in project.blocks.items()
            if scope == TOP or not uses_block(project, block_id, scope)
        ),
    )


def find_item(project: Project, token: str, scope: str = TOP) -> InsertableItem | None:
    """Return the item with a token, or None if the token is unknown."""
    return next((item for item in insertable_items(project, scope) if item.token == token), None)


def fits_port(item: InsertableItem, signal: Signal | None, from_output: bool) -> bool:
    """Return whether an item can be wired to a port that carries `signal`."""
    if not from_output:
        return bool(item.outputs)
    if not item.inputs:
        return False
    kind = find(item.token)
    if signal is None or kind is None:
        return True
    inputs = {port.name: (signal,) for port in item.inputs if not port.optional}
    problems = kind().check(inputs)
    return all(problem.severity is not Severity.ERROR for problem in problems)


@cache
def _kind_items() -> tuple[InsertableItem, ...]:
    headings = {category.name: category.title for category in CATEGORIES}
    return tuple(
        InsertableItem(
            name, kind.title, kind.category, kind.summary, kind.inputs, kind.outputs,
            headings[kind.category],
        )
        for name, kind in KINDS.items()
    )  # fmt: skip


@cache
def _block_scope_items() -> tuple[InsertableItem, ...]:
    """Return what can be added inside a block: block ports in place of Input and Output."""
    layers = [item for item in _kind_items() if item.category != "io"]
    heading = next(item.heading for item in _kind_items() if item.category == "io")
    ends = (
        InsertableItem(
            kind, BLOCK_TITLES[kind], "blocks", summary, BLOCK_PORTS[kind].inputs,
            BLOCK_PORTS[kind].outputs, heading,
        )
        for kind, summary in _BLOCK_PORT_SUMMARIES.items()
    )  # fmt: skip
    return (*ends, *layers)


@cache
def _shipped_items() -> tuple[InsertableItem, ...]:
    return tuple(
        _file_item(SHIPPED_TOKEN + name, file, SHIPPED_HEADING)
        for name, file in shipped_blocks().items()
    )


def _file_item(token: str, file: BlockFile, heading: str) -> InsertableItem:
    return replace(_block_item(token, file.block, heading), file=file)


def _block_item(token: str, block: Block, heading: str) -> InsertableItem:
    ports = block_ports(block)
    title = block.title or block.id
    return InsertableItem(
        token, title, "blocks", summary_of(block), ports.inputs, ports.outputs, heading
    )
