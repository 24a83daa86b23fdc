"""Colours for pixel classes, distinguishable with any colour vision in both themes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from dlstudio.gui.style.theme import current_theme
from dlstudio.gui.widgets.colour_maps import to_indexed_image
from dlstudio.insight.samples.sample_views import NO_CLASS

_DARKER, _LIGHTER = 160, 140
"""Percentage by which colours change if there are more classes than colours."""


def mask_colour(class_index: int) -> QColor:
    """Return the colour of a class; the first is muted, as it is usually the background.

    Pixels without a class have the colour of the panel.
    """
    theme = current_theme()
    if class_index == NO_CLASS:
        return theme.colour("panel")
    if class_index == 0:
        return theme.colour("line")
    repeat, index = divmod(class_index - 1, len(theme.curves))
    colour = QColor(theme.curves[index])
    if not repeat:
        return colour
    return colour.darker(_DARKER) if repeat % 2 else colour.lighter(_LIGHTER)


def mask_image(classes: npt.NDArray[np.uint8]) -> QImage:
    """Return class indices (H, W) as an image."""
    colours = [mask_colour(index).rgb() for index in range(int(classes.max(initial=0)) + 1)]
    return to_indexed_image(classes, colours)
