"""Public API for packages that add layers: the base class of layer kinds and its types.

dlstudio itself imports `layers.framework.kind`. `Kind`, with `telling` and `meaning`, is the
earlier name of `LayerKind`, which packages may continue to use.
"""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.references import resolve_refs as resolve
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.design.model.values import Value
from dlstudio.layers.framework.kind import NO_NORM, Call, LayerKind, SettingError, Signals
from dlstudio.layers.framework.settings import METADATA_KEY, Setting

__all__ = [
    "METADATA_KEY",
    "NO_NORM",
    "Call",
    "Kind",
    "LayerKind",
    "Port",
    "Problem",
    "Repair",
    "Setting",
    "SettingError",
    "Severity",
    "Shape",
    "Signal",
    "Signals",
    "Value",
    "resolve",
    "resolve_refs",
]


@dataclass(frozen=True, eq=False, repr=False)
class Kind(LayerKind):
    """A layer kind that may define its methods by their earlier names."""

    def card_summary(self) -> str:
        return self.telling()

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return self.meaning(signals, shape)

    def telling(self) -> str:
        """Earlier name of `card_summary`."""
        return super().card_summary()

    def meaning(self, signals: Signals, shape: Shape) -> str:
        """Earlier name of `axes_meaning`."""
        return super().axes_meaning(signals, shape)
