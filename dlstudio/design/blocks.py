"""All operations on blocks, to be imported from here: grouping, parameters, definitions.

The parameter values of a placed block are set by `set_parameter_value`, its repeats by
`edits.set_settings`.
"""

from __future__ import annotations

from dlstudio.design.editing.blocks.grouping import group, placements, remove_definition, set_block
from dlstudio.design.editing.blocks.parameters import (
    add_parameter,
    change_parameter,
    promote_setting,
    remove_parameter,
    rename_parameter,
    set_parameter_value,
)
from dlstudio.design.editing.blocks.ungrouping import ungroup
from dlstudio.design.editing.definitions import (
    Definitions,
    definitions_for,
    merge_definitions,
    uses_block,
)

__all__ = [
    "Definitions",
    "add_parameter",
    "change_parameter",
    "definitions_for",
    "group",
    "merge_definitions",
    "placements",
    "promote_setting",
    "remove_definition",
    "remove_parameter",
    "rename_parameter",
    "set_block",
    "set_parameter_value",
    "ungroup",
    "uses_block",
]
