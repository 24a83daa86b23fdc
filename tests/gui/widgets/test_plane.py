from __future__ import annotations

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.plane import begin_plane

pytestmark = pytest.mark.gui


class Plane(QWidget):
    def paintEvent(self, _event: QPaintEvent) -> None:
        begin_plane(self).end()


def test_plane_is_filled_and_framed(qtbot: QtBot) -> None:
    plane = Plane()
    qtbot.addWidget(plane)
    plane.resize(40, 40)
    image, theme = plane.grab().toImage(), current_theme()
    assert image.pixelColor(20, 20) == theme.colour("canvas")
    assert image.pixelColor(20, 0) == theme.colour("line")
