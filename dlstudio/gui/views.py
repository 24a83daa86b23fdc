"""Which panels are shown: docks, tabs, presentation mode, and how all of it is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QWidget

from dlstudio.gui.preferences import Preferences, preferences, settings
from dlstudio.gui.theme import apply_theme, choice

if TYPE_CHECKING:
    from dlstudio.gui.main_window import MainWindow

STATE_VERSION = 1
LARGE_TYPE = 1.5
"""Size of type in a presentation, compared to the preferences."""
FRAME = QSize(16, 48)
"""What a desktop's frame may add to a window."""


class Views(QObject):
    """Shows, hides, loosens and restores the window's panels."""

    def __init__(self, window: MainWindow) -> None:
        """Serve `window`, whose docks exist already."""
        super().__init__(window)
        self._window = window
        self.loose = False
        self.presenting = False
        self._before: tuple[QByteArray, Qt.WindowState] | None = None
        self._first: QByteArray | None = None
        self._leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._leave.setEnabled(False)
        self._leave.activated.connect(self.toggle_presentation)

    @property
    def palette_shown(self) -> bool:
        """Whether the palette is there."""
        return not self._window.palette_dock.isHidden()

    @property
    def inspector_shown(self) -> bool:
        """Whether the inspector is there."""
        return not self._window.inspector_dock.isHidden()

    @property
    def bottom_shown(self) -> bool:
        """Whether the bottom panels are there."""
        return not self._window.bottom_dock.isHidden()

    def toggle_palette(self) -> None:
        """Show or hide the palette."""
        self._window.palette_dock.setHidden(self.palette_shown)

    def toggle_inspector(self) -> None:
        """Show or hide the inspector."""
        self._window.inspector_dock.setHidden(self.inspector_shown)

    def toggle_bottom(self) -> None:
        """Show or hide the bottom panels."""
        self._window.bottom_dock.setHidden(self.bottom_shown)

    def show_bottom(self) -> None:
        """Bring the bottom panels into view."""
        self._window.bottom_dock.show()

    def focus_palette(self) -> None:
        """Put the keyboard into the palette's search line."""
        self._window.palette_dock.show()
        self._window.palette_panel.focus_search()

    def toggle_loose(self) -> None:
        """Give the docks title bars, or take them away."""
        self.loose = not self.loose
        for dock in self._docks():
            set_loose(dock, self.loose)

    @Slot(object)
    def dress(self, chosen: Preferences) -> None:
        """Take over the theme and the size of type that a person prefers."""
        scale = LARGE_TYPE if self.presenting else 1.0
        docks = (self._window.palette_dock, self._window.inspector_dock)
        old_size, widths = self._window.fontInfo().pixelSize(), [dock.width() for dock in docks]
        apply_theme(chosen.theme, round(chosen.font_size * scale))
        ratio = chosen.font_size * scale / old_size
        if ratio != 1 and not self.presenting:
            widths = [round(width * ratio) for width in widths]
            self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def reset_panels(self) -> None:
        """Put every panel back where it was at first."""
        if self.presenting:
            self.toggle_presentation()
        if self._first is not None:
            self._window.restoreState(self._first, STATE_VERSION)
        self._window.apply_first_sizes()

    def toggle_presentation(self) -> None:
        """Large type, canvas, curves and run bar only, full screen; or back."""
        self.presenting = not self.presenting
        self._leave.setEnabled(self.presenting)
        if self.presenting:
            self._present()
        else:
            self._end_presentation()

    def restore(self) -> None:
        """Put window and panels where they were when the window was closed last."""
        stored = settings()
        geometry, state = stored.value("window/geometry"), stored.value("window/state")
        if not isinstance(geometry, QByteArray):
            self._fit_screen()
        self._first = self._window.saveState(STATE_VERSION)
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        if isinstance(state, QByteArray):
            self._window.restoreState(state, STATE_VERSION)
        live = stored.value("window/live")
        if isinstance(live, QByteArray):
            self._window.bottom.restore_state(live)

    def _fit_screen(self) -> None:
        """Begin no larger than the screen, the desktop's frame included."""
        window = self._window
        available = window.screen().availableGeometry().size() - FRAME
        if available.expandedTo(window.size()) != available:
            window.resize(window.size().boundedTo(available))
            window.apply_first_sizes()

    def store(self) -> None:
        """Remember where everything is."""
        if self.presenting:
            self.toggle_presentation()
        stored = settings()
        stored.setValue("window/geometry", self._window.saveGeometry())
        stored.setValue("window/state", self._window.saveState(STATE_VERSION))
        stored.setValue("window/live", self._window.bottom.save_state())
        stored.sync()

    def _present(self) -> None:
        window = self._window
        self._before = window.saveState(STATE_VERSION), window.windowState()
        apply_theme(choice(), round(preferences().font_size * LARGE_TYPE))
        for widget in self._hidden_while_presenting():
            widget.hide()
        window.bottom.bar.hide()
        window.bottom_dock.show()
        window.bottom.show_tab("curves")
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        window.editor.opening.present()

    def _end_presentation(self) -> None:
        window = self._window
        apply_theme(choice(), preferences().font_size)
        for widget in self._hidden_while_presenting():
            widget.show()
        window.bottom.bar.show()
        if self._before is not None:
            state, window_state = self._before
            window.setWindowState(window_state)
            window.restoreState(state, STATE_VERSION)
        window.editor.opening.end_presentation()

    def _hidden_while_presenting(self) -> tuple[QWidget, ...]:
        window = self._window
        return (
            window.menuBar(),
            window.statusBar(),
            window.palette_dock,
            window.inspector_dock,
        )

    def _docks(self) -> tuple[QDockWidget, ...]:
        window = self._window
        return (window.palette_dock, window.inspector_dock, window.bottom_dock)


def set_loose(dock: QDockWidget, loose: bool) -> None:
    """Give a dock a title bar to drag it by, or none."""
    old = dock.titleBarWidget()
    dock.setTitleBarWidget(None if loose else QWidget(dock))  # type: ignore[arg-type]
    if old is not None:
        old.deleteLater()
    movable = (
        QDockWidget.DockWidgetFeature.DockWidgetMovable
        | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        | QDockWidget.DockWidgetFeature.DockWidgetClosable
    )
    dock.setFeatures(movable if loose else QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
