"""Draws points in two dimensions, with a legend of their classes."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dlstudio.gui.plots.drawings.class_scatter import ClassLegend, ClassScatter
from dlstudio.insight.views.values import Scatter


class PointsDrawing(QWidget):
    """A scatter plot; without classes it has no legend."""

    def __init__(self) -> None:
        super().__init__()
        self.scatter = ClassScatter()
        self.legend = ClassLegend()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.scatter, 1)
        row.addWidget(self.legend)

    def show_value(self, scatter: Scatter) -> None:
        """Replace the points shown."""
        labels = scatter.labels
        if labels is None:
            labels = np.zeros(len(scatter.points), np.int64)
        axes = " / ".join(filter(None, (scatter.x_title, scatter.y_title)))
        self.scatter.show_points(axes, scatter.points, labels)
        self.legend.show_names(scatter.class_names)
        self.legend.setVisible(bool(scatter.class_names))
        self.setAccessibleName(scatter.title)
