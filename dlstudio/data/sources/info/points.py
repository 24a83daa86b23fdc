"""Dataset info of points in the plane. Does not import torch."""

from __future__ import annotations

from dlstudio.data.sources.framework.builtin_info import CAPITALS, BuiltinInfo, Options
from dlstudio.design.model.data_settings import Split

HALF = 0.5
MOVIE_CLASSES = ("skips it", "watches it")


def points_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of points with two classes, or one class per cluster."""
    count = options["samples"]
    rare = rare_count(options)
    return BuiltinInfo(
        (2,),
        count,
        CAPITALS[: options.get("clusters", 2)],
        class_counts=(count - rare, rare) if rare else (),
    )


def rare_count(options: Options) -> int:
    """Return the number of points of the second class; 0 if it has as many as the first."""
    share: float = options.get("share", HALF)
    return 0 if share == HALF else max(1, round(options["samples"] * share))


def placed_points_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of placed points, with all classes up to the largest index used."""
    points = options["points"]
    classes = max([2, *(label + 1 for _, _, label in points)])
    return BuiltinInfo((2,), len(points), CAPITALS[:classes])


def movie_info(options: Options, _split: Split) -> BuiltinInfo:
    """Return the info of the film example."""
    return BuiltinInfo((3,), options["samples"], MOVIE_CLASSES)
