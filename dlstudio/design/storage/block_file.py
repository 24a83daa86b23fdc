"""Block files: a block and the blocks it needs, for use in any design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlstudio.design.editing.definitions import Definitions
from dlstudio.design.model.model import Block, Layout
from dlstudio.design.storage.atomic_files import read_bytes, write_bytes
from dlstudio.design.storage.codec import (
    decode_block,
    decode_layout,
    encode_block,
    encode_layout,
)
from dlstudio.design.storage.dataclass_json import check_type
from dlstudio.design.storage.design_file import decode_text
from dlstudio.design.storage.errors import FileError
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.design.storage.json_text import format_json, parse_json

FORMAT = "dlstudio-block"
VERSION = 1
SUFFIX = ".dlstudio-block"
MAX_BYTES = 8 * 2**20
"""Bytes; far above the size of any real block."""


@dataclass(frozen=True, slots=True)
class BlockFile:
    """A block with all blocks it needs.

    Attributes:
        block_id: Id of the block itself; the other definitions are nested in it.
    """

    block_id: str
    definitions: Definitions

    @property
    def block(self) -> Block:
        """The block itself."""
        return self.definitions.blocks[self.block_id]


def read_block(path: Path) -> BlockFile:
    """Return the block in a file.

    Raises:
        FileError: The file cannot be read; the text says which file and why, on one line.
    """
    try:
        return loads_block(decode_text(read_bytes(path, MAX_BYTES)))
    except FileError as error:
        raise FileError(f"{path.name} cannot be used: {error}.") from error


def write_block(file: BlockFile, path: Path) -> None:
    """Write a block file atomically; its folder is created if needed.

    Raises:
        FileError: The file cannot be written; the text says why.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, dumps_block(file).encode("utf-8", errors="replace"))
    except OSError as error:
        raise FileError(f"{path.name} cannot be saved: {file_error_reason(error)}.") from error
    except FileError as error:
        raise FileError(f"{path.name} cannot be saved: {error}.") from error


def dumps_block(file: BlockFile) -> str:
    """Return the text of a block's file."""
    plain = {"format": FORMAT, "version": VERSION, "block": file.block_id}
    return format_json({**plain, **encode_definitions(file.definitions)})


def loads_block(text: str) -> BlockFile:
    """Return the block in the text of a block file; FileError if it is invalid."""
    plain = parse_json(text)
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise FileError("it is not a dlstudio block")
    if plain.get("version") != VERSION:
        raise FileError("it was made by another version of dlstudio")
    definitions = decode_definitions(plain)
    block_id = plain.get("block")
    if not isinstance(block_id, str) or block_id not in definitions.blocks:
        raise FileError("the block it names is missing")
    return BlockFile(block_id, definitions)


def encode_definitions(definitions: Definitions) -> dict[str, Any]:
    """Return definitions as JSON values."""
    return {
        "blocks": {block_id: encode_block(block) for block_id, block in definitions.blocks.items()},
        "layouts": {
            block_id: encode_layout(layout) for block_id, layout in definitions.layouts.items()
        },
    }


def decode_definitions(plain: Mapping[str, Any]) -> Definitions:
    """Return the definitions in JSON values.

    Raises:
        FileError: A value has the wrong type, or references are broken.
    """
    encoded_blocks, layouts = plain.get("blocks", {}), plain.get("layouts", {})
    check_type(encoded_blocks, dict, "blocks")
    check_type(layouts, dict, "layouts")
    blocks = {block_id: decode_block(block_id, value) for block_id, value in encoded_blocks.items()}
    decoded_layouts = {
        block_id: decode_layout(value, blocks[block_id].graph)
        for block_id, value in layouts.items()
        if block_id in blocks
    }
    return Definitions(
        blocks,
        {block_id: layout for block_id, layout in decoded_layouts.items() if layout != Layout()},
    )
