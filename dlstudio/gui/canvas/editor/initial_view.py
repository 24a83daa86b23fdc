"""Sets the camera automatically: for a design just opened, growing, or being presented."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF

from dlstudio.design.model.model import Graph, Project
from dlstudio.gui.canvas.editor.view import CanvasView
from dlstudio.gui.canvas.scene.camera import LEGIBLE_SCALE

PRESENTATION_SCALE = 1.6
"""Maximum scale during a presentation."""


@dataclass(frozen=True)
class _SavedView:
    """The camera before a presentation, and the automatic camera at that time."""

    scale: float
    offset: QPointF
    automatic: tuple[float, QPointF] | None


class InitialView(QObject):
    """Shows the start of a network, also after resizing, until the user moves the view."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._context = view.context
        self._automatic: tuple[float, QPointF] | None = None
        self._project: Project | None = None
        self._max_scale = 1.0
        self._saved_view: _SavedView | None = None
        self._graph: Graph | None = None
        self._bounds = QRectF()
        view.resized.connect(self._on_resized)
        self._context.document.project_changed.connect(self._on_project_changed)

    def show(self) -> None:
        """Show the network, or its start if the whole would be illegible."""
        self._saved_view = None
        self._show()

    def start_presentation(self) -> None:
        """Fit the network at up to `PRESENTATION_SCALE`, until `end_presentation`."""
        saved = _SavedView(*self._camera(), self._automatic)
        self._max_scale = PRESENTATION_SCALE
        self._show()
        self._saved_view = saved

    def end_presentation(self) -> None:
        """Restore the view from before the presentation, unless another design was opened."""
        self._max_scale = 1.0
        saved, self._saved_view = self._saved_view, None
        if saved is None:
            self._show()
            return
        camera = self._context.camera
        camera.scale, camera.offset = saved.scale, QPointF(saved.offset)
        self._automatic, self._project = saved.automatic, self._context.project
        self._context.camera_changed.emit()

    def _show(self) -> None:
        self._context.show_start(self._max_scale)
        self._automatic = self._camera()
        self._project = self._context.project
        self._store_bounds()

    def _on_resized(self) -> None:
        """Fit again, unless the view or the network has changed since the last fit."""
        if self._automatic == self._camera() and self._project is self._context.project:
            self._show()

    def _on_project_changed(self, _change: object) -> None:
        """Zoom out if the whole network was visible and has grown beyond the view."""
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
