"""How a placement's form declares a parameter of its block: empty takes the block's default."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.design.model.model import Parameter
from dlstudio.design.model.values import Value
from dlstudio.layers.framework.settings import Integer

MIN_VALUE = -1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockParameterSetting(Integer):
    """A whole number of a placement's own, or None for the default.

    Attributes:
        inherited: The block's default, which counts while there is no value of its own.
    """

    inherited: Value = None


def declare_parameter(parameter: Parameter) -> BlockParameterSetting:
    """Return the declaration of one parameter for the forms of placements."""
    return BlockParameterSetting(
        title=parameter.name,
        help=parameter.help or f"The block's parameter {parameter.name}.",
        default=None,
        minimum=MIN_VALUE,
        optional=True,
        inherited=parameter.default,
    )
