"""Synthetic points in the plane, points placed by the user, and the film example."""

from __future__ import annotations

from dlstudio.data.sources.framework.source import TOYS, SourceSpec
from dlstudio.data.sources.framework.source_setting_types import Points
from dlstudio.layers.framework.settings import Integer, Real, Setting

_READERS = "dlstudio.data.synthetic.synthetic_points"
_INFO = "dlstudio.data.sources.info.points"


def _points(
    name: str,
    title: str,
    summary: str,
    *,
    noise: float,
    samples: int = 500,
    info: str = "points_info",
    **options: Setting,
) -> SourceSpec:
    return SourceSpec(
        name,
        title,
        TOYS,
        summary,
        reader=f"{_READERS}.read_{name}",
        info=f"{_INFO}.{info}",
        options={
            "samples": Integer(
                title="Samples", help="Number of points.", default=samples, minimum=8
            ),
            "noise": Real(
                title="Noise",
                help="Standard deviation of the points' positions.",
                default=noise,
                minimum=0.0,
                maximum=2.0,
            ),
            **options,
            "seed": Integer(
                title="Seed",
                help="A different seed gives different points of the same shape.",
                default=0,
                minimum=0,
            ),
        },
    )


MOONS = _points(
    "moons",
    "Two moons",
    "Two interleaved half circles",
    noise=0.1,
    share=Real(
        title="Share of B",
        help="Share of the points that belong to class B; below a half it is the rarer class.",
        default=0.5,
        minimum=0.01,
        maximum=0.99,
    ),
)
CIRCLES = _points("circles", "Circles", "A ring around a disc", noise=0.1)
XOR = _points("xor", "XOR", "Four corners; opposite corners share a class", noise=0.2)
GAUSSIANS = _points(
    "gaussians",
    "Gaussians",
    "Round clouds of points, one for each class",
    noise=0.35,
    clusters=Integer(
        title="Clusters", help="Number of clouds, one class each.", default=3, minimum=2, maximum=10
    ),
)
RING = _points(
    "ring",
    "Ring of clouds",
    "Small clouds of points around a circle, one class each: a generator must find them all",
    noise=0.05,
    samples=2000,
    clusters=Integer(
        title="Clouds", help="Number of clouds, one class each.", default=8, minimum=3, maximum=12
    ),
)
SPIRALS = _points(
    "spirals",
    "Spirals",
    "Interleaved arms: hard for a shallow network",
    noise=0.05,
    clusters=Integer(
        title="Arms", help="Number of arms, one class each.", default=2, minimum=2, maximum=6
    ),
    turns=Real(
        title="Turns",
        help="Turns of each arm around the centre.",
        default=1.25,
        minimum=0.25,
        maximum=5.0,
    ),
)
POINTS = SourceSpec(
    "points",
    "Drawn by hand",
    TOYS,
    "Points you place yourself on a small pad",
    reader=f"{_READERS}.read_placed_points",
    info=f"{_INFO}.placed_points_info",
    options={"points": Points(title="Points", help="Each point is x, y and class.", default=())},
)
MOVIE = _points(
    "movie",
    "Will they watch the film?",
    "Seconds of trailer watched, review score and genre match decide, with some noise",
    noise=0.5,
    info="movie_info",
)
