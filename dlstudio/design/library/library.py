"""Blocks that can be used in any design: those that ship with dlstudio, and the user's own.

A user's block is a file in a folder; whoever calls says which folder. Knows no window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from dlstudio.design.editing.definitions import definitions_for
from dlstudio.design.model.identifiers import id_stem
from dlstudio.design.model.model import BLOCK, Block, Node, Project
from dlstudio.design.storage.block_file import SUFFIX, BlockFile, read_block, write_block
from dlstudio.design.storage.errors import FileError
from dlstudio.resources import resource

TEACHING_ORDER = (
    "residual",
    "residual-downsampling",
    "bottleneck",
    "bottleneck-downsampling",
    "squeeze-excitation",
    "inverted-residual",
    "inverted-residual-downsampling",
    "dense-layer",
    "double-convolution",
    "transformer-encoder",
    "transformer-decoder",
    "gpt-block",
)
"""The order of teaching; blocks not named here follow by name."""


@dataclass(frozen=True, slots=True)
class Library:
    """What a folder of block files holds.

    Attributes:
        files: By the file's name without its suffix.
        errors: A line for each file that cannot be used.
    """

    files: Mapping[str, BlockFile] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


@cache
def shipped_blocks() -> Mapping[str, BlockFile]:
    """Return the blocks that ship with dlstudio, in order of teaching."""
    files = read_library(resource("blocks")).files
    names = (
        *(name for name in TEACHING_ORDER if name in files),
        *sorted(files.keys() - set(TEACHING_ORDER)),
    )
    return {name: files[name] for name in names}


def read_library(folder: Path) -> Library:
    """Return the blocks in a folder by title; one that is not there holds none."""
    files, broken = {}, []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            files[path.name.removesuffix(SUFFIX)] = read_block(path)
        except FileError as error:
            broken.append(str(error))
    by_title = sorted(files.items(), key=lambda item: (item[1].block.title.lower(), item[0]))
    return Library(dict(by_title), tuple(broken))


def block_file(project: Project, block_id: str) -> BlockFile:
    """Return a block of a design with all that it needs."""
    placement = Node("placement", BLOCK, {"block": block_id})
    return BlockFile(block_id, definitions_for(project, (placement,)))


def block_file_stem(title: str) -> str:
    """Return the name of the file in which a block of this title is kept."""
    return id_stem(title).replace("_", "-")


def file_name_for(library: Library, title: str) -> str:
    """Return the file's name of the block that is kept under this title, or empty."""
    folded = title.casefold()
    names = (name for name, file in library.files.items() if file.block.title.casefold() == folded)
    return next(names, "")


def save_block(file: BlockFile, folder: Path, name: str = "") -> str:
    """Write a block into the folder; return its file's name without the suffix.

    Without a name it takes one that no file there has.

    Raises:
        FileError: The file cannot be written.
    """
    stem, number = block_file_stem(file.block.title), 1
    free = stem
    while not name and (folder / f"{free}{SUFFIX}").exists():
        number += 1
        free = f"{stem}-{number}"
    name = name or free
    write_block(file, folder / f"{name}{SUFFIX}")
    return name


def unique_title(library: Library, title: str) -> str:
    """Return the title with the first number behind it under which no block is kept."""
    number, free = 2, title
    while file_name_for(library, free):
        free, number = f"{title} {number}", number + 1
    return free


def with_title(file: BlockFile, title: str) -> BlockFile:
    """Return the block under another title."""
    block = replace(file.block, title=title)
    definitions = replace(
        file.definitions, blocks={**file.definitions.blocks, file.block_id: block}
    )
    return BlockFile(file.block_id, definitions)


def remove_block(folder: Path, name: str) -> None:
    """Delete a block's file; FileError where the system refuses."""
    try:
        (folder / f"{name}{SUFFIX}").unlink(missing_ok=True)
    except OSError as error:
        raise FileError(f"{name}{SUFFIX} cannot be removed: {error.strerror}.") from error


def summary_of(block: Block) -> str:
    """Return the first line of a block's help: what it is, for the palette."""
    return block.help.partition("\n")[0]


def explanation_of(block: Block) -> str:
    """Return a block's help as one text, its first line as a sentence."""
    first, _, rest = block.help.partition("\n")
    if not rest:
        return first
    return f"{first}{'' if first.endswith(('.', '!', '?', ':')) else '.'} {rest}"
