"""Creates the panels of all views.

A faulty view of an installed package gets a placeholder, so that all other panels remain usable.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from dlstudio.entry_points import resolve_target
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.plots.views.view_panel import ViewPanel, fault_text
from dlstudio.gui.widgets.basic_widgets import placeholder_label
from dlstudio.insight.views.registry import PLUGIN_VIEWS, VIEWS
from dlstudio.insight.views.spec import ViewSpec

_log = logging.getLogger(__name__)
Panel = TypeVar("Panel", bound=QWidget)


def create_view_panels(services: ViewServices) -> Mapping[str, QWidget]:
    """Return the panel of each view by name, in the order of the tabs."""
    return {name: _create_panel(services, spec) for name, spec in VIEWS.items()}


def panel_of(panels: Mapping[str, QWidget], kind: type[Panel]) -> Panel:
    """Return the panel of a type, to connect signals that only this panel has."""
    return next(panel for panel in panels.values() if isinstance(panel, kind))


def _create_panel(services: ViewServices, spec: ViewSpec) -> QWidget:
    if spec.panel is None:
        return ViewPanel(services, spec)
    try:
        panel = resolve_target(spec.panel)(services)
        if not isinstance(panel, QWidget):
            raise TypeError(f"{spec.panel} is not a widget class")
    except (Exception, SystemExit) as error:
        if spec.name not in PLUGIN_VIEWS:
            raise
        _log.exception("the panel of the view %r cannot be created", spec.name)
        return placeholder_label(fault_text(spec, error))
    return panel
