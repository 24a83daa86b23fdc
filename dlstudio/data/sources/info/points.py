"""Dataset info of points in the plane. Does not import torch."""

from __future__ import annotations

from dlstudio.data.sources.framework.builtin_info import CAPITALS, BuiltinInfo, Options
from dlstudio.design.model.data_settings import Split

MOVIE_CLASSES = ("skips it", "watches it")


def points_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of points with two classes, or one class per cluster."""
    return BuiltinInfo((2,), options["samples"], CAPITALS[: options.get("clusters", 2)])


def placed_points_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of placed points, with all classes up to the largest index used."""
    points = options["points"]
    classes = max([2, *(label + 1 for _, _, label in points)])
    return BuiltinInfo((2,), len(points), CAPITALS[:classes])


def movie_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of the film example."""
    return BuiltinInfo((3,), options["samples"], MOVIE_CLASSES)
