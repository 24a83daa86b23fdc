"""Public API for packages that add layers: the class of a layer kind and what it works with.

The studio itself imports `layers.framework.kind`. `Kind`, with `telling` and `meaning`, is the
earlier name of `LayerKind`, and packages may go on using it.
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
    """A layer kind whose methods may have their earlier names."""

    def card_summary(self) -> str:
        return self.telling()

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return self.meaning(signals, shape)

    def telling(self) -> str:
        """Return what `card_summary` shows on the card."""
        return super().card_summary()

    def meaning(self, signals: Signals, shape: Shape) -> str:
        """Return what `axes_meaning` says of an output of this shape."""
        return super().axes_meaning(signals, shape)
