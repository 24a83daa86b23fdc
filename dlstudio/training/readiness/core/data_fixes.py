"""Fixes that choose data which needs no file: that of the task, or that which the Inputs read.

Names no source: each task declares its own.
"""

from __future__ import annotations

from functools import cache

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.problems import Repair
from dlstudio.training.readiness.core.check_context import CheckContext, change_data
from dlstudio.training.specs.registry import TASKS


def task_data_fix(context: CheckContext) -> Repair:
    """Return the fix that chooses the data declared by the design's task."""
    return _use_source(_source_of(context.project.training.task))


def input_data_fix(context: CheckContext) -> Repair:
    """Return the fix that chooses data for the roles of the design's Inputs.

    Among equally suitable sources, that of the design's task comes first.
    """
    roles = {str(context.setting(path, "role")) for path in context.paths("input")}
    tasks = (context.project.training.task, "", *TASKS)
    names = dict.fromkeys(map(_source_of, tasks))
    return _use_source(max(names, key=lambda name: len(roles & _roles_of(name))))


def _source_of(task: str) -> str:
    """Return the source that a task declares, else that of a new design."""
    source = TASKS[task].source if task in TASKS else ""
    return source if source in SOURCES else DataSettings().source


@cache
def _roles_of(source: str) -> frozenset[str]:
    return frozenset(info_of(DataSettings(source)).inputs)


def _use_source(name: str) -> Repair:
    return change_data(f"Use “{SOURCES[name].title}”", source=name, options={}, facts=None)
