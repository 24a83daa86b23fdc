"""The bar above the canvas: breadcrumbs, live view switch and zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from dlstudio.design.editing.blocks.grouping import placements
from dlstudio.design.model.model import TOP
from dlstudio.gui.canvas.scene.canvas_context import CanvasContext
from dlstudio.gui.document.block_paths import PlacementPath, scopes_on_path
from dlstudio.gui.style.theme import current_theme, theme_changes

LIVE_VIEWS = ("activations", "off")


class BreadcrumbBar(QFrame):
    """Breadcrumbs on the left; live view and zoom on the right."""

    zoom_reset_requested = Signal()
    live_view_chosen = Signal(str)

    def __init__(self, context: CanvasContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.live_view = LIVE_VIEWS[0]
        self.setObjectName("breadcrumbs")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(32)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(4)
        self._trail = QHBoxLayout()
        self._trail.setSpacing(2)
        row.addLayout(self._trail)
        row.addStretch(1)
        self._live_label = QLabel("Live view:", self)
        self._live_label.setProperty("role", "muted")
        row.addWidget(self._live_label)
        self._live_view_buttons = {name: self._flat_button(name) for name in LIVE_VIEWS}
        for name, button in self._live_view_buttons.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, name=name: self.live_view_chosen.emit(name))
            row.addWidget(button)
        row.addSpacing(14)
        self.zoom_button = self._flat_button("100 %")
        self.zoom_button.setToolTip("Show at 100 %")
        self.zoom_button.setAccessibleName("Zoom")
        self.zoom_button.clicked.connect(self.zoom_reset_requested)
        row.addWidget(self.zoom_button)
        context.camera_changed.connect(self._show_zoom)
        context.document.scope_changed.connect(self.refresh)
        context.document.reset.connect(self.refresh)
        context.document.project_changed.connect(self._on_project_changed)
        theme_changes.changed.connect(self._apply_theme)
        self._apply_theme()
        self.refresh()
        self.set_live_view(self.live_view)

    def set_live_view(self, mode: str) -> None:
        """Check the button of a mode of `LIVE_VIEWS`; emits nothing."""
        self.live_view = mode
        for name, button in self._live_view_buttons.items():
            button.setChecked(name == mode)

    def refresh(self) -> None:
        """Show the scopes from the top level down to the current one."""
        while (item := self._trail.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for scope, path in self._scopes_and_paths():
            if scope != TOP:
                arrow = QLabel("›", self)
                arrow.setProperty("role", "muted")
                self._trail.addWidget(arrow)
            title = self._title(scope, path)
            crumb = self._flat_button(title)
            crumb.setCheckable(True)
            crumb.setChecked(scope == self._context.scope)
            crumb.setAccessibleName(f"Show {title}")
            crumb.clicked.connect(lambda _on=False, at=(scope, path): self._open_scope(*at))
            self._trail.addWidget(crumb)

    def _scopes_and_paths(self) -> list[tuple[str, PlacementPath | None]]:
        """Return each scope from the top level down to the current one with its placement path."""
        document = self._context.document
        path = document.placement_path
        scopes = None if path is None else scopes_on_path(document.project, path)
        if path is None or scopes is None:
            return [(TOP, ()), (document.scope, None)]
        return [(scope, path[:number]) for number, scope in enumerate(scopes)]

    def _title(self, scope: str, path: PlacementPath | None) -> str:
        """Return a scope's title; of a block placed several times with the id of the placement."""
        project = self._context.project
        if scope == TOP:
            return "Network"
        title = project.blocks[scope].title
        if not path:
            return title
        outer = (scopes_on_path(project, path[:-1]) or (TOP,))[-1]
        own_title = project.graph_at(outer).nodes[path[-1]].title
        if own_title:
            return own_title
        return f"{title} · {path[-1]}" if len(placements(project, scope)) > 1 else title

    def _on_project_changed(self, _change: object) -> None:
        if self._context.scope != TOP and self._context.scope in self._context.project.blocks:
            self.refresh()

    def _open_scope(self, scope: str, path: PlacementPath | None) -> None:
        self._context.document.set_scope(scope, path)
        self.refresh()

    def _show_zoom(self) -> None:
        self.zoom_button.setText(f"{round(self._context.camera.scale * 100)} %")

    def _flat_button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _apply_theme(self) -> None:
        theme = current_theme()
        self.setStyleSheet(
            f"#breadcrumbs {{ background: {theme.panel}; border: none;"
            f" border-bottom: 1px solid {theme.line}; }}"
            f"#breadcrumbs QToolButton {{ color: {theme.muted}; background: transparent;"
            " border: none; padding: 2px 5px; border-radius: 4px; }"
            f"#breadcrumbs QToolButton:hover {{ background: {theme.hover}; }}"
            f"#breadcrumbs QToolButton:focus {{ background: {theme.hover}; }}"
            f"#breadcrumbs QToolButton:checked {{ color: {theme.text}; font-weight: 600; }}"
        )
