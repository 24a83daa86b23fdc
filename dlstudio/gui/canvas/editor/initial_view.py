"""Chooses what the view shows by itself: of a design just opened, that grows, or is presented."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF

from dlstudio.design.model.model import Graph, Project
from dlstudio.gui.canvas.editor.view import CanvasView
from dlstudio.gui.canvas.scene.camera import LEGIBLE_SCALE

PRESENTATION_SCALE = 1.6
"""Largest scale of a network that is presented."""


@dataclass(frozen=True)
class _SavedView:
    """Where the camera stood, and what was shown by itself until then."""

    scale: float
    offset: QPointF
    shown: tuple[float, QPointF] | None


class InitialView(QObject):
    """Shows where a network begins, and stays with that until the user looks elsewhere."""

    def __init__(self, view: CanvasView) -> None:
        """Act upon a view."""
        super().__init__(view)
        self._context = view.context
        self._shown: tuple[float, QPointF] | None = None
        self._project: Project | None = None
        self._max_scale = 1.0
        self._before: _SavedView | None = None
        self._graph: Graph | None = None
        self._bounds = QRectF()
        view.resized.connect(self._on_resized)
        self._context.document.project_changed.connect(self._on_project_changed)

    def show(self) -> None:
        """Show the network, or its beginning where all of it would be too small."""
        self._before = None
        self._show()

    def start_presentation(self) -> None:
        """Show the network as large as it fits, until `end_presentation`."""
        before = _SavedView(*self._camera(), self._shown)
        self._max_scale = PRESENTATION_SCALE
        self._show()
        self._before = before

    def end_presentation(self) -> None:
        """Show what was shown before the presentation, if that is still there."""
        self._max_scale = 1.0
        before, self._before = self._before, None
        if before is None:
            self._show()
            return
        camera = self._context.camera
        camera.scale, camera.offset = before.scale, QPointF(before.offset)
        self._shown, self._project = before.shown, self._context.project
        self._context.camera_changed.emit()

    def _show(self) -> None:
        self._context.show_start(self._max_scale)
        self._shown = self._camera()
        self._project = self._context.project
        self._store_bounds()

    def _on_resized(self) -> None:
        """Use new room, unless the view or the network have been changed since."""
        if self._shown == self._camera() and self._project is self._context.project:
            self._show()

    def _on_project_changed(self, _change: object) -> None:
        """Step back where the whole network was in view and has grown beyond it."""
        context, old_graph = self._context, self._graph
        graph = context.project.graph_at(context.scope)
        visible = context.camera.visible(context.size)
        had_all = old_graph is not None and visible.contains(self._bounds)
        has_grown = old_graph is not None and bool(graph.nodes.keys() - old_graph.nodes.keys())
        self._store_bounds()
        if had_all and has_grown and not visible.contains(self._bounds):
            scale, offset = self._camera()
            context.camera.fit(self._bounds, context.size, max_scale=scale)
            if context.camera.scale < LEGIBLE_SCALE:
                context.camera.scale, context.camera.offset = scale, offset
            context.camera_changed.emit()

    def _store_bounds(self) -> None:
        context = self._context
        self._graph = context.project.graph_at(context.scope)
        self._bounds = context.scene.bounds()

    def _camera(self) -> tuple[float, QPointF]:
        camera = self._context.camera
        return camera.scale, QPointF(camera.offset)
