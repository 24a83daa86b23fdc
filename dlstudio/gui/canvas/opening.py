"""Chooses what the view shows by itself: of a design just opened, that grows, or is presented."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF

from dlstudio.design.model import Graph, Project
from dlstudio.gui.canvas.camera import LEGIBLE_SCALE
from dlstudio.gui.canvas.view import CanvasView

PRESENTED = 1.6
"""Largest scale of a network that is presented."""


@dataclass(frozen=True)
class _Look:
    """Where the camera stood, and what was shown by itself until then."""

    scale: float
    offset: QPointF
    shown: tuple[float, QPointF] | None


class Opening(QObject):
    """Shows where a network begins, and stays with that until the user looks elsewhere."""

    def __init__(self, view: CanvasView) -> None:
        """Act upon a view."""
        super().__init__(view)
        self._stage = view.stage
        self._shown: tuple[float, QPointF] | None = None
        self._project: Project | None = None
        self._largest = 1.0
        self._before: _Look | None = None
        self._graph: Graph | None = None
        self._whole = QRectF()
        view.resized.connect(self._follow)
        self._stage.document.project_changed.connect(self._make_room)

    def show(self) -> None:
        """Show the network, or its beginning where all of it would be too small."""
        self._before = None
        self._show()

    def present(self) -> None:
        """Show the network as large as it fits, until `end_presentation`."""
        before = _Look(*self._camera(), self._shown)
        self._largest = PRESENTED
        self._show()
        self._before = before

    def end_presentation(self) -> None:
        """Show what was shown before the presentation, if that is still there."""
        self._largest = 1.0
        before, self._before = self._before, None
        if before is None:
            self._show()
            return
        camera = self._stage.camera
        camera.scale, camera.offset = before.scale, QPointF(before.offset)
        self._shown, self._project = before.shown, self._stage.project
        self._stage.camera_changed.emit()

    def _show(self) -> None:
        self._stage.show_start(self._largest)
        self._shown = self._camera()
        self._project = self._stage.project
        self._remember()

    def _follow(self) -> None:
        """Use new room, unless the view or the network have been changed since."""
        if self._shown == self._camera() and self._project is self._stage.project:
            self._show()

    def _make_room(self, _change: object) -> None:
        """Step back where the whole network was in view and has grown beyond it."""
        context, old_graph = self._stage, self._graph
        graph = context.project.graph_at(context.scope)
        visible = context.camera.visible(context.size)
        had_all = old_graph is not None and visible.contains(self._whole)
        has_grown = old_graph is not None and bool(graph.nodes.keys() - old_graph.nodes.keys())
        self._remember()
        if had_all and has_grown and not visible.contains(self._whole):
            scale, offset = self._camera()
            context.camera.fit(self._whole, context.size, largest=scale)
            if context.camera.scale < LEGIBLE_SCALE:
                context.camera.scale, context.camera.offset = scale, offset
            context.camera_changed.emit()

    def _remember(self) -> None:
        context = self._stage
        self._graph = context.project.graph_at(context.scope)
        self._whole = context.scene.bounds()

    def _camera(self) -> tuple[float, QPointF]:
        camera = self._stage.camera
        return camera.scale, QPointF(camera.offset)
