"""Node ids that are valid as submodule names of a compiled network, and titles in use once."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Container, Mapping

from dlstudio.design.model.model import TOP, Project

UsedIds = Mapping[str, Mapping[str, int]]
"""By scope and stem, the highest number of the ids of removed nodes."""

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


def next_free_id(taken: Container[str], stem: str, used: int = 0) -> str:
    """Return the first of `stem_1`, `stem_2`, … above `used` that is not in `taken`."""
    number = used + 1
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


def new_id(project: Project, scope: str, kind: str) -> str:
    """Return a node id derived from the kind that was never used in the scope: `conv2d_1`."""
    stem = id_stem(kind)
    return next_free_id(project.graph_at(scope).nodes, stem, highest_used(project, scope, stem))


def highest_used(project: Project, scope: str, stem: str) -> int:
    """Return the highest number of the ids of removed nodes with this stem, 0 without any."""
    return project.used_ids.get(scope, {}).get(stem, 0)


def split_id(node_id: str) -> tuple[str, int]:
    """Return stem and number of an id; 0 without a number: `conv2d_1` is `conv2d` and 1."""
    stem, _, digits = node_id.rpartition("_")
    is_number = digits.isdecimal() and digits.isascii() and digits[0] != "0"
    return (stem, int(digits)) if stem and is_number else (node_id, 0)


def record_removed(used: UsedIds, before: Project, after: Project) -> UsedIds:
    """Return the used ids with those of the nodes that were removed between two projects."""
    recorded = {scope: marks for scope, marks in used.items() if scope in {TOP, *after.blocks}}
    for scope in {TOP, *(before.blocks.keys() & after.blocks.keys())}:
        old, new = before.graph_at(scope).nodes, after.graph_at(scope).nodes
        removed = () if old is new else old.keys() - new.keys()
        if removed:
            marks = dict(recorded.get(scope, {}))
            for stem, number in map(split_id, removed):
                marks[stem] = max(marks.get(stem, 0), number)
            recorded[scope] = marks
    return recorded
