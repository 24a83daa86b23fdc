"""Blocks by name: grouping, ungrouping and their definitions, for those who change a project."""

from __future__ import annotations

from dlstudio.design.editing.grouping import group, placements, set_block
from dlstudio.design.editing.ungrouping import ungroup

__all__ = ["group", "placements", "set_block", "ungroup"]
