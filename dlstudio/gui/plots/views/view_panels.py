"""Creates the panels of all views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from dlstudio.entry_points import resolve_target
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.plots.views.view_panel import ViewPanel
from dlstudio.insight.views.registry import VIEWS

Panel = TypeVar("Panel", bound=QWidget)


def create_view_panels(services: ViewServices) -> Mapping[str, QWidget]:
    """Return the panel of each view by name, in the order of the tabs."""
    return {
        name: resolve_target(spec.panel)(services) if spec.panel else ViewPanel(services, spec)
        for name, spec in VIEWS.items()
    }


def panel_of(panels: Mapping[str, QWidget], kind: type[Panel]) -> Panel:
    """Return the panel of a type, to connect signals that only this panel has."""
    return next(panel for panel in panels.values() if isinstance(panel, kind))
