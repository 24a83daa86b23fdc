"""The layout of the panels: docks, presentation mode, saving and restoring."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QWidget

from dlstudio.gui.canvas.editor.initial_view import InitialView
from dlstudio.gui.document.preferences import Preferences, preferences, settings
from dlstudio.gui.palette.palette import Palette
from dlstudio.gui.style.theme import apply_theme, theme_choice
from dlstudio.gui.window.bottom_panel import BottomPanel
from dlstudio.gui.window.docks import Docks, apply_default_sizes, set_floating

STATE_VERSION = 1
PRESENTATION_SCALE = 1.5
"""Factor of the font size in presentation mode."""
FRAME_MARGIN = QSize(16, 48)
"""Upper bound of the window frame's size, in pixels."""


class PanelLayout(QObject):
    """Shows, hides, detaches, saves and restores the window's panels."""

    def __init__(
        self,
        window: QMainWindow,
        docks: Docks,
        palette: Palette,
        bottom: BottomPanel,
        initial_view: InitialView,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._palette = palette
        self._bottom = bottom
        self._initial_view = initial_view
        self.floating = False
        self.is_presenting = False
        self._saved_layout: tuple[QByteArray, Qt.WindowState] | None = None
        self._default_state: QByteArray | None = None
        self._escape_shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._escape_shortcut.setEnabled(False)
        self._escape_shortcut.activated.connect(self.toggle_presentation)

    @property
    def palette_visible(self) -> bool:
        """Whether the palette is shown."""
        return not self._docks.palette.isHidden()

    @property
    def inspector_visible(self) -> bool:
        """Whether the inspector is shown."""
        return not self._docks.inspector.isHidden()

    @property
    def bottom_visible(self) -> bool:
        """Whether the bottom panel is shown."""
        return not self._docks.bottom.isHidden()

    def toggle_palette(self) -> None:
        self._docks.palette.setHidden(self.palette_visible)

    def toggle_inspector(self) -> None:
        self._docks.inspector.setHidden(self.inspector_visible)

    def toggle_bottom(self) -> None:
        self._docks.bottom.setHidden(self.bottom_visible)

    def show_bottom(self) -> None:
        self._docks.bottom.show()

    def focus_palette(self) -> None:
        """Show the palette and focus its search field."""
        self._docks.palette.show()
        self._palette.focus_search()

    def toggle_floating(self) -> None:
        """Show or hide the docks' title bars, by which they can be moved."""
        self.floating = not self.floating
        for dock in self._docks.all:
            set_floating(dock, self.floating)

    @Slot(object)
    def apply_preferences(self, prefs: Preferences) -> None:
        """Apply the theme and font size of the preferences."""
        scale = PRESENTATION_SCALE if self.is_presenting else 1.0
        docks = self._docks.sides
        old_size, widths = self._window.fontInfo().pixelSize(), [dock.width() for dock in docks]
        apply_theme(prefs.theme, round(prefs.font_size * scale))
        ratio = prefs.font_size * scale / old_size
        if ratio != 1 and not self.is_presenting:
            widths = [round(width * ratio) for width in widths]
            self._window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)

    def reset_panels(self) -> None:
        """Restore the default layout."""
        if self.is_presenting:
            self.toggle_presentation()
        if self._default_state is not None:
            self._window.restoreState(self._default_state, STATE_VERSION)
        apply_default_sizes(self._window, self._docks)

    def toggle_presentation(self) -> None:
        """Enter or leave presentation mode: full screen, large text, canvas, curves and run bar."""
        self.is_presenting = not self.is_presenting
        self._escape_shortcut.setEnabled(self.is_presenting)
        if self.is_presenting:
            self._start_presentation()
        else:
            self._end_presentation()

    def restore(self) -> None:
        """Restore the geometry and layout of the last session."""
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
            self._bottom.restore_state(live)

    def _fit_screen(self) -> None:
        """Shrink the window to the available screen size, including its frame."""
        window = self._window
        available = window.screen().availableGeometry().size() - FRAME_MARGIN
        if available.expandedTo(window.size()) != available:
            window.resize(window.size().boundedTo(available))
            apply_default_sizes(window, self._docks)

    def save(self) -> None:
        """Save geometry and layout."""
        if self.is_presenting:
            self.toggle_presentation()
        stored = settings()
        stored.setValue("window/geometry", self._window.saveGeometry())
        stored.setValue("window/state", self._window.saveState(STATE_VERSION))
        stored.setValue("window/live", self._bottom.save_state())
        stored.sync()

    def _start_presentation(self) -> None:
        window = self._window
        self._saved_layout = window.saveState(STATE_VERSION), window.windowState()
        apply_theme(theme_choice(), round(preferences().font_size * PRESENTATION_SCALE))
        for widget in self._hidden_while_presenting():
            widget.hide()
        self._bottom.bar.hide()
        self._docks.bottom.show()
        self._bottom.show_tab("curves")
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)
        self._initial_view.start_presentation()

    def _end_presentation(self) -> None:
        window = self._window
        apply_theme(theme_choice(), preferences().font_size)
        for widget in self._hidden_while_presenting():
            widget.show()
        self._bottom.bar.show()
        if self._saved_layout is not None:
            state, window_state = self._saved_layout
            window.setWindowState(window_state)
            window.restoreState(state, STATE_VERSION)
        self._initial_view.end_presentation()

    def _hidden_while_presenting(self) -> tuple[QWidget, ...]:
        window = self._window
        return (
            window.menuBar(),
            window.statusBar(),
            self._docks.palette,
            self._docks.inspector,
        )
