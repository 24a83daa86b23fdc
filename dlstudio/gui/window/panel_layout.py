"""Which panels are shown: docks, tabs, presentation mode, and how all of it is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QWidget

from dlstudio.gui.document.preferences import Preferences, preferences, settings
from dlstudio.gui.style.theme import apply_theme, theme_choice

if TYPE_CHECKING:
    from dlstudio.gui.window.main_window import MainWindow

STATE_VERSION = 1
PRESENTATION_SCALE = 1.5
"""Size of type in a presentation, compared to the preferences."""
FRAME_MARGIN = QSize(16, 48)
"""What a desktop's frame may add to a window."""


class PanelLayout(QObject):
    """Shows, hides, loosens and restores the window's panels."""

    def __init__(self, window: MainWindow) -> None:
        """Serve `window`, whose docks exist already."""
        super().__init__(window)
        self._window = window
        self.floating = False
        self.is_presenting = False
        self._saved_layout: tuple[QByteArray, Qt.WindowState] | None = None
        self._default_state: QByteArray | None = None
        self._escape_shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._escape_shortcut.setEnabled(False)
        self._escape_shortcut.activated.connect(self.toggle_presentation)

    @property
    def palette_visible(self) -> bool:
        """Whether the palette is there."""
        return not self._window.palette_dock.isHidden()

    @property
    def inspector_visible(self) -> bool:
        """Whether the inspector is there."""
        return not self._window.inspector_dock.isHidden()

    @property
    def bottom_visible(self) -> bool:
        """Whether the bottom panels are there."""
        return not self._window.bottom_dock.isHidden()

    def toggle_palette(self) -> None:
        """Show or hide the palette."""
        self._window.palette_dock.setHidden(self.palette_visible)

    def toggle_inspector(self) -> None:
        """Show or hide the inspector."""
        self._window.inspector_dock.setHidden(self.inspector_visible)

    def toggle_bottom(self) -> None:
        """Show or hide the bottom panels."""
        self._window.bottom_dock.setHidden(self.bottom_visible)

    def show_bottom(self) -> None:
        """Bring the bottom panels into view."""
        self._window.bottom_dock.show()

    def focus_palette(self) -> None:
        """Put the keyboard into the palette's search line."""
        self._window.palette_dock.show()
        self._window.palette_panel.focus_search()

    def toggle_floating(self) -> None:
        """Give the docks title bars, or take them away."""
        self.floating = not self.floating
        for dock in self._docks():
            set_floating(dock, self.floating)

    @Slot(object)
    def apply_preferences(self, prefs: Preferences) -> None:
        """Take over the theme and the size of type that a person prefers."""
        scale = PRESENTATION_SCALE if self.is_presenting else 1.0
        docks = (self._window.palette_dock, self._window.inspector_dock)
        old_size, widths = self._window.fontInfo().pixelSize(), [dock.width() for dock in docks]
        apply_theme(prefs.theme, round(prefs.font_size * scale))
        ratio = prefs.font_size * scale / old_size
        if ratio != 1 and not self.is_presenting:
            widths = [round(width * ratio) for width in widths]
            self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def reset_panels(self) -> None:
        """Put every panel back where it was at first."""
        if self.is_presenting:
            self.toggle_presentation()
        if self._default_state is not None:
            self._window.restoreState(self._default_state, STATE_VERSION)
        self._window.apply_default_sizes()

    def toggle_presentation(self) -> None:
        """Large type, canvas, curves and run bar only, full screen; or back."""
        self.is_presenting = not self.is_presenting
        self._escape_shortcut.setEnabled(self.is_presenting)
        if self.is_presenting:
            self._start_presentation()
        else:
            self._end_presentation()

    def restore(self) -> None:
        """Put window and panels where they were when the window was closed last."""
        stored = settings()
        geometry, state = stored.value("window/geometry"), stored.value("window/state")
        if not isinstance(geometry, QByteArray):
            self._fit_screen()
        self._default_state = self._window.saveState(STATE_VERSION)
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
        available = window.screen().availableGeometry().size() - FRAME_MARGIN
        if available.expandedTo(window.size()) != available:
            window.resize(window.size().boundedTo(available))
            window.apply_default_sizes()

    def save(self) -> None:
        """Remember where everything is."""
        if self.is_presenting:
            self.toggle_presentation()
        stored = settings()
        stored.setValue("window/geometry", self._window.saveGeometry())
        stored.setValue("window/state", self._window.saveState(STATE_VERSION))
        stored.setValue("window/live", self._window.bottom.save_state())
        stored.sync()

    def _start_presentation(self) -> None:
        window = self._window
        self._saved_layout = window.saveState(STATE_VERSION), window.windowState()
        apply_theme(theme_choice(), round(preferences().font_size * PRESENTATION_SCALE))
        for widget in self._hidden_while_presenting():
            widget.hide()
        window.bottom.bar.hide()
        window.bottom_dock.show()
        window.bottom.show_tab("curves")
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        window.editor.initial_view.start_presentation()

    def _end_presentation(self) -> None:
        window = self._window
        apply_theme(theme_choice(), preferences().font_size)
        for widget in self._hidden_while_presenting():
            widget.show()
        window.bottom.bar.show()
        if self._saved_layout is not None:
            state, window_state = self._saved_layout
            window.setWindowState(window_state)
            window.restoreState(state, STATE_VERSION)
        window.editor.initial_view.end_presentation()

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


def set_floating(dock: QDockWidget, floating: bool) -> None:
    """Give a dock a title bar to drag it by, or none."""
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
