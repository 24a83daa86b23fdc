"""Images of printed digits and capital letters, rendered in the fonts that ship with dlstudio."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageDraw, ImageFont

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.info.images import printed_info
from dlstudio.resources import resource

_FONTS = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Italic.otf",
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Medium.ttf",
)
_OVERSAMPLING = 3
"""Factor by which a character is rendered larger and then reduced, for smooth edges."""
_HEIGHT = (0.5, 0.8)
"""Range of the font size as a share of the image's side."""
_SLANT, _STRETCH, _SHIFT = 0.3, (0.8, 1.25), 0.1
"""Largest shear, range of both scales, largest shift as a share of the side."""


def read_synthetic_characters(request: ReadRequest) -> RawSamples:
    """Return grey images `(N, 1, S, S)` of one character each, equal for equal options.

    Font, size, slant, position and tilt are uniformly random. Classes are balanced and shuffled.
    """
    options = request.options
    count, side = options["samples"], options["size"]
    classes = printed_info(options, request.split).class_names
    rng = np.random.default_rng(options["seed"])
    labels = rng.permutation(np.arange(count) % len(classes))
    images = np.stack([_render(classes[label], side, options["tilt"], rng) for label in labels])
    noise = rng.normal(0.0, 255 * options["noise"], images.shape)
    noisy = np.rint(images + noise).clip(0, 255).astype(np.uint8)
    subset = Subset({"samples": torch.from_numpy(noisy[:, None])}, torch.from_numpy(labels))
    return RawSamples(subset, class_names=classes)


def _render(
    character: str, side: int, tilt: float, rng: np.random.Generator
) -> npt.NDArray[np.uint8]:
    """Return one image `(S, S)`, white on black."""
    large = _OVERSAMPLING * side
    middle = large / 2
    font = _FONTS[rng.integers(len(_FONTS))]
    size = round(large * rng.uniform(*_HEIGHT))
    canvas = Image.new("L", (large, large))
    ImageDraw.Draw(canvas).text(
        (middle, middle), character, font=_font(font, size), fill=255, anchor="mm"
    )
    inverse = _inverse_transform(tilt, rng)
    centre = middle + large * rng.uniform(-_SHIFT, _SHIFT, 2)
    start = middle - inverse @ centre
    rows = np.column_stack([inverse, start]).ravel()
    rotated = canvas.transform(
        canvas.size, Image.Transform.AFFINE, tuple(rows), Image.Resampling.BILINEAR
    )
    return np.asarray(rotated.resize((side, side), Image.Resampling.BOX))


def _inverse_transform(tilt: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return the matrix `(2, 2)` from a position in the image to the one on the canvas."""
    angle = np.radians(rng.uniform(-tilt, tilt))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    slant = np.array([[1.0, rng.uniform(-_SLANT, _SLANT)], [0.0, 1.0]])
    return np.asarray(np.diag(1 / rng.uniform(*_STRETCH, 2)) @ slant @ turn)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(resource("fonts", name), size)
