"""Chooses what the view shows of a design that was just opened."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF

from dlstudio.design.model import Project
from dlstudio.gui.canvas.view import CanvasView


class Opening(QObject):
    """Shows where a network begins, and stays with that until the user looks elsewhere."""

    def __init__(self, view: CanvasView) -> None:
        """Act upon a view."""
        super().__init__(view)
        self._stage = view.stage
        self._shown: tuple[float, QPointF] | None = None
        self._project: Project | None = None
        view.resized.connect(self._follow)

    def show(self) -> None:
        """Show the network, or its beginning where all of it would be too small."""
        self._stage.show_start()
        self._shown = self._camera()
        self._project = self._stage.project

    def _follow(self) -> None:
        """Use new room, unless the view or the network have been changed since."""
        if self._shown == self._camera() and self._project is self._stage.project:
            self.show()

    def _camera(self) -> tuple[float, QPointF]:
        camera = self._stage.camera
        return camera.scale, QPointF(camera.offset)
