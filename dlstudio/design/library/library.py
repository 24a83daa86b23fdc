"""Reusable blocks: those that ship with dlstudio, and the user's own in a folder.

The caller names the folder. Imports no Qt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from dlstudio.design.editing.definitions import definitions_for
from dlstudio.design.model.identifiers import id_stem, unique_title
from dlstudio.design.model.model import BLOCK, Block, Node, Project
from dlstudio.design.storage.block_file import SUFFIX, BlockFile, read_block, write_block
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.file_errors import file_error_reason
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
"""Teaching order; blocks that are not listed follow by name."""


@dataclass(frozen=True, slots=True)
class Library:
    """The block files of a folder.

    Attributes:
        files: By file name without suffix.
        errors: One line for each file that cannot be used.
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
    """Return the blocks of a folder by title; empty if the folder does not exist."""
    files, broken = {}, []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            files[path.name.removesuffix(SUFFIX)] = read_block(path)
        except FileError as error:
            broken.append(str(error))
    by_title = sorted(files.items(), key=lambda item: (item[1].block.title.lower(), item[0]))
    return Library(dict(by_title), tuple(broken))


def block_file(project: Project, block_id: str) -> BlockFile:
    """Return a block of a design with all blocks it needs."""
    placement = Node("placement", BLOCK, {"block": block_id})
    return BlockFile(block_id, definitions_for(project, (placement,)))


def block_file_stem(title: str) -> str:
    """Return the file name, without suffix, for a block of this title."""
    return id_stem(title).replace("_", "-")


def file_name_for(library: Library, title: str) -> str:
    """Return the name of the file with a block of this title, or an empty string."""
    folded = title.casefold()
    names = (name for name, file in library.files.items() if file.block.title.casefold() == folded)
    return next(names, "")


def save_block(file: BlockFile, folder: Path, name: str = "") -> str:
    """Save a block in the folder; return its file name without the suffix.

    Without a name it gets one that is free in the folder.

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


def unused_title(library: Library, title: str) -> str:
    """Return the title, with a number if a block of the library has it."""
    return unique_title(title, partial(file_name_for, library))


def with_title(file: BlockFile, title: str) -> BlockFile:
    """Return the block with another title."""
    block = replace(file.block, title=title)
    definitions = replace(
        file.definitions, blocks={**file.definitions.blocks, file.block_id: block}
    )
    return BlockFile(file.block_id, definitions)


def remove_block(folder: Path, name: str) -> None:
    """Delete a block file; FileError if that fails."""
    try:
        (folder / f"{name}{SUFFIX}").unlink(missing_ok=True)
    except OSError as error:
        raise FileError(f"{name}{SUFFIX} cannot be removed: {file_error_reason(error)}.") from error


def summary_of(block: Block) -> str:
    """Return the first line of a block's help, which the palette shows."""
    return block.help.partition("\n")[0]


def explanation_of(block: Block) -> str:
    """Return a block's help as one paragraph, its first line ended like a sentence."""
    first, _, rest = block.help.partition("\n")
    if not rest:
        return first
    return f"{first}{'' if first.endswith(('.', '!', '?', ':')) else '.'} {rest}"
