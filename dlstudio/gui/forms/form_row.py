"""One row of a form over frozen settings: a declared setting, and how it is read and written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from dlstudio.design.model.values import Value
from dlstudio.layers.framework.settings import Setting

SettingsT = TypeVar("SettingsT")


@dataclass(frozen=True, slots=True)
class FormRow(Generic[SettingsT]):
    """One row of a form; `titles` are the displayed names of a choice's options."""

    name: str
    setting: Setting
    read: Callable[[SettingsT], Value]
    write: Callable[[SettingsT, Any], SettingsT]
    titles: Mapping[str, str] = field(default_factory=dict)
