"""Finds the variant of a kind for another number of axes: MaxPool2d for MaxPool1d.

Variants share a name that ends in the number of axes along which they work.
"""

from __future__ import annotations

import re
from typing import Any

from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.layers.framework.kind import LayerKind, SettingError, Signals
from dlstudio.layers.framework.settings import IntegerList
from dlstudio.layers.registry import find

_NAME = re.compile(r"(?P<stem>.*\D)(?P<axes>[123])d")


def variant_fix(kind: LayerKind, signals: Signals) -> Repair | None:
    """Return the fix that replaces a layer by the variant that accepts its inputs, if any."""
    match = _NAME.fullmatch(kind.name)
    if match is None:
        return None
    for axes in range(1, 4):
        variant = find(f"{match['stem']}{axes}d")
        if variant is None or variant is type(kind):
            continue
        settings = _adapted_settings(kind, variant)
        try:
            problems: tuple[Problem, ...] = tuple(variant.parse(settings, {}).check(signals))
        except SettingError:
            continue
        if not any(problem.severity is Severity.ERROR for problem in problems):
            arguments = {"kind": variant.name, "settings": settings}
            return Repair(f"Use {variant.title} instead", "change_kind", arguments)
    return None


def _adapted_settings(kind: LayerKind, variant: type[LayerKind]) -> dict[str, Any]:
    """Return the settings of a layer that its variant also has, with as many sizes as it needs."""
    old_declarations, settings = kind.declarations(), {}
    for name, setting in variant.declarations().items():
        if name not in old_declarations:
            continue
        value = getattr(kind, name)
        if value == old_declarations[name].default:
            continue
        if isinstance(setting, IntegerList) and setting.count and isinstance(value, tuple):
            value = (value + value[-1:] * setting.count)[: setting.count]
        settings[name] = value
    return settings
