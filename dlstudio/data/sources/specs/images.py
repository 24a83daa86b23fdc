"""Synthetic images: shapes, printed characters, and spectrograms of sounds."""

from __future__ import annotations

from dlstudio.data.sources.framework.source import TOYS, SourceSpec
from dlstudio.data.sources.framework.source_options import ROWS, seed_setting
from dlstudio.layers.framework.settings import Choice, Integer, Real

_READERS = "dlstudio.data.synthetic"
_INFO = "dlstudio.data.sources.info.images"

SHAPES = SourceSpec(
    "shapes",
    "Shapes",
    TOYS,
    "Circles, triangles and squares: predict the class of each pixel, or which shapes there are",
    reader=f"{_READERS}.synthetic_shapes.read_shapes",
    info=f"{_INFO}.shapes_info",
    form="pictures",
    task="segmentation",
    options={
        "samples": Integer(
            title="Samples", help="Number of images.", default=600, minimum=8,
            maximum=20_000,
        ),
        "size": Integer(
            title="Size", help="Pixels of each side.", default=32, minimum=16, maximum=128
        ),
        "target": Choice(
            title="Target",
            help="What to predict: the class of each pixel (segmentation), or which shapes are in "
            "the image (several labels).",
            default="mask",
            options=("mask", "labels"),
        ),
        "seed": seed_setting("images"),
    },
)  # fmt: skip
PRINTED = SourceSpec(
    "printed",
    "Printed characters",
    TOYS,
    "Images of digits or capitals in six fonts, tilted and shifted",
    reader=f"{_READERS}.synthetic_characters.read_synthetic_characters",
    info=f"{_INFO}.printed_info",
    form="pictures",
    options={
        "samples": Integer(
            title="Samples", help="Number of images.", default=2000, minimum=36,
            maximum=10_000,
        ),
        "characters": Choice(
            title="Characters",
            help="The digits 0 to 9, the capitals A to Z, or all 36, one class each.",
            default="digits",
            options=("digits", "capitals", "both"),
        ),
        "size": Integer(
            title="Size", help="Pixels of each side.", default=28, minimum=16, maximum=128
        ),
        "tilt": Real(
            title="Tilt", help="Largest tilt to either side in degrees.",
            default=15.0, minimum=0.0, maximum=180.0,
        ),
        "noise": Real(
            title="Noise", help="Standard deviation of the brightness, as a share of white.",
            default=0.0, minimum=0.0, maximum=1.0,
        ),
        "seed": seed_setting("images"),
        "rows": ROWS,
    },
)  # fmt: skip
TONES = SourceSpec(
    "tones",
    "Tones",
    TOYS,
    "Short sounds of six waveforms, from sine to noise, as spectrograms",
    reader=f"{_READERS}.synthetic_tones.read_tones",
    info=f"{_INFO}.tones_info",
    form="pictures",
    options={
        "samples": Integer(
            title="Samples", help="Number of sounds.", default=600, minimum=12,
            maximum=20_000,
        ),
        "noise": Real(
            title="Noise", help="Amplitude of the noise in each sound.", default=0.05,
            minimum=0.0, maximum=2.0,
        ),
        "seed": seed_setting("sounds"),
    },
)  # fmt: skip
