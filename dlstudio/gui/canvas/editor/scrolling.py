"""Tells a mouse wheel, which zooms, from a touchpad, which pans."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QInputDevice, QWheelEvent

_PIXELS_PER_UNIT = 0.25
"""Distance for one unit of `angleDelta` (an eighth of a degree) of a touchpad without pixels."""


def is_from_touchpad(event: QWheelEvent) -> bool:
    """Whether fingers on a surface scroll: by the device, or by a gesture with begin and end.

    Pixels alone say nothing: on X11, wheels of high resolution report them too.
    """
    if event.device().type() is QInputDevice.DeviceType.TouchPad:
        return True
    return event.phase() is not Qt.ScrollPhase.NoScrollPhase


def scroll_distance(event: QWheelEvent) -> QPointF:
    """Return the distance to pan in pixels."""
    pixels = event.pixelDelta()
    return QPointF(event.angleDelta()) * _PIXELS_PER_UNIT if pixels.isNull() else QPointF(pixels)
