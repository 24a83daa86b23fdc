"""The setting that a placement's form declares for a block parameter; empty means the default."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.design.model.model import Parameter
from dlstudio.design.model.values import Value
from dlstudio.layers.framework.settings import Integer

MIN_VALUE = -1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockParameterSetting(Integer):
    """An integer that overrides the block's default, or None to inherit it.

    Attributes:
        inherited: The block's default.
    """

    inherited: Value = None


def declare_parameter(parameter: Parameter) -> BlockParameterSetting:
    """Return the setting for one block parameter."""
    return BlockParameterSetting(
        title=parameter.name,
        help=parameter.help or f"The block's parameter {parameter.name}.",
        default=None,
        minimum=MIN_VALUE,
        optional=True,
        inherited=parameter.default,
    )
