"""Public API for packages that add layers: how a layer kind declares its settings.

dlstudio itself imports `layers.framework.settings`. `Whole`, `Number`, `Switch`, `Sizes` and
`declare` are earlier names, which packages may continue to use.
"""

from __future__ import annotations

from typing import Any

from dlstudio.layers.framework.settings import (
    METADATA_KEY,
    Boolean,
    Choice,
    Integer,
    IntegerList,
    Real,
    Setting,
    Text,
)
from dlstudio.layers.framework.settings import setting as setting_field

__all__ = [
    "METADATA_KEY",
    "Boolean",
    "Choice",
    "Integer",
    "IntegerList",
    "Number",
    "Real",
    "Setting",
    "Sizes",
    "Switch",
    "Text",
    "Whole",
    "declare",
    "setting",
]

Whole, Number, Switch, Sizes = Integer, Real, Boolean, IntegerList
setting = setting_field


def declare(setting: Setting) -> Any:
    """Earlier name of `setting`."""
    return setting_field(setting)
