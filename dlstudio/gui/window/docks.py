"""The three docks around the canvas and their default sizes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from dlstudio.gui.style.theme import FONT_SIZE

DEFAULT_SIZE = (1440, 900)
SIDE_WIDTHS = (224, 300)
BOTTOM_SHARE = 0.32


@dataclass(frozen=True, slots=True)
class Docks:
    """The docks of a window: to the left, to the right and below."""

    palette: QDockWidget
    inspector: QDockWidget
    bottom: QDockWidget

    @property
    def sides(self) -> tuple[QDockWidget, QDockWidget]:
        """The docks beside the canvas."""
        return (self.palette, self.inspector)

    @property
    def all(self) -> tuple[QDockWidget, ...]:
        """Every dock."""
        return (*self.sides, self.bottom)


def add_docks(window: QMainWindow, palette: QWidget, inspector: QWidget, bottom: QWidget) -> Docks:
    """Put panels into docks of a window, without title bars."""
    areas = Qt.DockWidgetArea
    window.setCorner(Qt.Corner.BottomLeftCorner, areas.LeftDockWidgetArea)
    window.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
    return Docks(
        _add_dock(window, "Layers", palette, areas.LeftDockWidgetArea),
        _add_dock(window, "Inspector", inspector, areas.RightDockWidgetArea),
        _add_dock(window, "Curves and more", bottom, areas.BottomDockWidgetArea),
    )


def apply_default_sizes(window: QMainWindow, docks: Docks) -> None:
    """Set the default size of every dock; a small window shrinks the palette."""
    for dock in docks.all:
        dock.show()
    scale = max(window.fontInfo().pixelSize() / FONT_SIZE, 1.0)
    palette_width = round(SIDE_WIDTHS[0] * scale * min(window.width() / DEFAULT_SIZE[0], 1.0))
    inspector_width = round(SIDE_WIDTHS[1] * scale)
    widths = [palette_width, inspector_width]
    window.resizeDocks(list(docks.sides), widths, Qt.Orientation.Horizontal)
    height = round(window.height() * BOTTOM_SHARE)
    window.resizeDocks([docks.bottom], [height], Qt.Orientation.Vertical)


def set_floating(dock: QDockWidget, floating: bool) -> None:
    """Show or hide a dock's title bar and allow or forbid moving it."""
    old = dock.titleBarWidget()
    dock.setTitleBarWidget(None if floating else QWidget(dock))  # type: ignore[arg-type]
    if old is not None:
        old.deleteLater()
    movable = (
        QDockWidget.DockWidgetFeature.DockWidgetMovable
        | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        | QDockWidget.DockWidgetFeature.DockWidgetClosable
    )
    dock.setFeatures(movable if floating else QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)


def _add_dock(
    window: QMainWindow, title: str, panel: QWidget, area: Qt.DockWidgetArea
) -> QDockWidget:
    dock = QDockWidget(title, window)
    dock.setObjectName(title)
    dock.setWidget(panel)
    set_floating(dock, False)
    window.addDockWidget(area, dock)
    return dock
