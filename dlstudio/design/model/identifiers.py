"""Node ids that are valid as submodule names of a compiled network, and titles in use once."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Container

from dlstudio.design.model.model import Graph

MAX_LENGTH = 64
_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_NOT_WORD = re.compile(r"[^a-z0-9]+")
RESERVED = frozenset(
    {
        "T_destination",
        "add_module",
        "add_submodule",
        "append",
        "apply",
        "bfloat16",
        "buffers",
        "call_super_init",
        "children",
        "clear",
        "code",
        "compile",
        "cpu",
        "cuda",
        "delete_all_unused_submodules",
        "delete_submodule",
        "double",
        "dump_patches",
        "eval",
        "extend",
        "extra_repr",
        "float",
        "forward",
        "get_buffer",
        "get_extra_state",
        "get_parameter",
        "get_submodule",
        "graph",
        "half",
        "insert",
        "ipu",
        "items",
        "keys",
        "load_state_dict",
        "meta",
        "modules",
        "mtia",
        "named_buffers",
        "named_children",
        "named_modules",
        "named_parameters",
        "parameters",
        "pop",
        "print_readable",
        "recompile",
        "register_backward_hook",
        "register_buffer",
        "register_forward_hook",
        "register_forward_pre_hook",
        "register_full_backward_hook",
        "register_full_backward_pre_hook",
        "register_load_state_dict_post_hook",
        "register_load_state_dict_pre_hook",
        "register_module",
        "register_parameter",
        "register_state_dict_post_hook",
        "register_state_dict_pre_hook",
        "requires_grad_",
        "set_extra_state",
        "set_submodule",
        "shape_env",
        "share_memory",
        "self",
        "state_dict",
        "to",
        "to_empty",
        "to_folder",
        "train",
        "training",
        "type",
        "update",
        "values",
        "xpu",
        "zero_grad",
    }
)
"""Attributes of torch modules that a submodule of the same name would hide."""


def is_valid_id(text: str) -> bool:
    """Return whether `text` is a valid id of a node, a block or a port."""
    return (
        len(text) <= MAX_LENGTH
        and _PATTERN.fullmatch(text) is not None
        and text not in RESERVED
        and not keyword.iskeyword(text)
    )


def next_free_id(taken: Container[str], stem: str) -> str:
    """Return the first of `stem_1`, `stem_2`, … that is not in `taken`."""
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def unique_title(title: str, is_taken: Callable[[str], object]) -> str:
    """Return the title, with the lowest number from 2 if it is taken: `Head 2`."""
    number, free = 2, title
    while is_taken(free):
        free, number = f"{title} {number}", number + 1
    return free


def id_stem(text: str) -> str:
    """Return free text as the stem of an identifier: `My block!` becomes `my_block`."""
    stem = _NOT_WORD.sub("_", text.lower()).strip("_")[: MAX_LENGTH - 10].rstrip("_")
    return stem if stem[:1].isalpha() else f"node_{stem}".rstrip("_")


def new_id(graph: Graph, kind: str) -> str:
    """Return an unused node id derived from the kind: `conv2d_1`."""
    return next_free_id(graph.nodes, id_stem(kind))
