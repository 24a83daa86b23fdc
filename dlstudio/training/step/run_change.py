"""The declaration of a setting that can be changed during a run. Does not import torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dlstudio.design.model.model import Project
from dlstudio.training.step.plan import Plan, RunPosition

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RunChange:
    """A setting that can be changed during a run.

    Attributes:
        in_plan: Returns the plan after the change, and a description for the user.
        in_design: Returns the design with the changed setting.
        of_layers: Whether the setting belongs to layers instead of the training settings.
    """

    in_plan: Callable[[Plan, Arguments, RunPosition], tuple[Plan, str]]
    in_design: Callable[[Project, Arguments], Project]
    of_layers: bool = False
