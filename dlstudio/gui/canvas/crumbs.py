"""The bar above the canvas: where one is, what is watched live, and the zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from dlstudio.design.editing.grouping import placements
from dlstudio.design.model import TOP
from dlstudio.gui.canvas.stage import Stage
from dlstudio.gui.placement import Way, scopes_along
from dlstudio.gui.theme import current, theme_changes

LIVE_VIEWS = ("activations", "off")


class CrumbBar(QFrame):
    """Breadcrumbs on the left; live view and zoom on the right."""

    zoom_reset = Signal()
    live_view_chosen = Signal(str)

    def __init__(self, stage: Stage, parent: QWidget | None = None) -> None:
        """Follow a stage."""
        super().__init__(parent)
        self._stage = stage
        self.live_view = LIVE_VIEWS[0]
        self.setObjectName("crumbs")
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
        self._views = {name: self._link(name) for name in LIVE_VIEWS}
        for name, button in self._views.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, name=name: self.live_view_chosen.emit(name))
            row.addWidget(button)
        row.addSpacing(14)
        self.zoom = self._link("100 %")
        self.zoom.setToolTip("Show at 100 %")
        self.zoom.setAccessibleName("Zoom")
        self.zoom.clicked.connect(self.zoom_reset)
        row.addWidget(self.zoom)
        stage.camera_changed.connect(self._show_zoom)
        stage.document.scope_changed.connect(self.refresh)
        stage.document.reset.connect(self.refresh)
        stage.document.project_changed.connect(self._refresh_inside)
        theme_changes.changed.connect(self._dress)
        self._dress()
        self.refresh()
        self.set_live_view(self.live_view)

    def set_live_view(self, mode: str) -> None:
        """Mark what is watched live."""
        self.live_view = mode
        for name, button in self._views.items():
            button.setChecked(name == mode)

    def refresh(self) -> None:
        """Show the way from the top level to the present scope."""
        while (item := self._trail.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for scope, path in self._trail_of():
            if scope != TOP:
                arrow = QLabel("›", self)
                arrow.setProperty("role", "muted")
                self._trail.addWidget(arrow)
            title = self._title(scope, path)
            crumb = self._link(title)
            crumb.setCheckable(True)
            crumb.setChecked(scope == self._stage.scope)
            crumb.setAccessibleName(f"Show {title}")
            crumb.clicked.connect(lambda _on=False, at=(scope, path): self._go(*at))
            self._trail.addWidget(crumb)

    def _trail_of(self) -> list[tuple[str, Way | None]]:
        """Return each scope from the top level down to the present one, with the way there."""
        document = self._stage.document
        path = document.way
        scopes = None if path is None else scopes_along(document.project, path)
        if path is None or scopes is None:
            return [(TOP, ()), (document.scope, None)]
        return [(scope, path[:number]) for number, scope in enumerate(scopes)]

    def _title(self, scope: str, way: Way | None) -> str:
        """Return what a scope is called; of a block placed several times also which one it is."""
        project = self._stage.project
        if scope == TOP:
            return "Network"
        title = project.blocks[scope].title
        if not way:
            return title
        outer = (scopes_along(project, way[:-1]) or (TOP,))[-1]
        own_title = project.graph_at(outer).nodes[way[-1]].title
        if own_title:
            return own_title
        return f"{title} · {way[-1]}" if len(placements(project, scope)) > 1 else title

    def _refresh_inside(self, _change: object) -> None:
        if self._stage.scope != TOP and self._stage.scope in self._stage.project.blocks:
            self.refresh()

    def _go(self, scope: str, way: Way | None) -> None:
        self._stage.document.set_scope(scope, way)
        self.refresh()

    def _show_zoom(self) -> None:
        self.zoom.setText(f"{round(self._stage.camera.scale * 100)} %")

    def _link(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def _dress(self) -> None:
        theme = current()
        self.setStyleSheet(
            f"#crumbs {{ background: {theme.panel}; border: none;"
            f" border-bottom: 1px solid {theme.line}; }}"
            f"#crumbs QToolButton {{ color: {theme.muted}; background: transparent;"
            " border: none; padding: 2px 5px; border-radius: 4px; }"
            f"#crumbs QToolButton:hover {{ background: {theme.hover}; }}"
            f"#crumbs QToolButton:focus {{ background: {theme.hover}; }}"
            f"#crumbs QToolButton:checked {{ color: {theme.text}; font-weight: 600; }}"
        )
