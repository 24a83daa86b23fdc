"""Scales images of more than 8 bits to 8 bits, all images of a folder by the same rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

_BITS = (8, 10, 12, 14, 16)
_ROUNDING = 1e-6
"""Far below one level, and above the rounding errors of the division."""


@dataclass(frozen=True, slots=True)
class ValueRange:
    """Smallest and largest value of an image."""

    low: float
    high: float
    is_float: bool


@dataclass(frozen=True, slots=True)
class BrightnessRule:
    """The values that become black and white; those between are scaled linearly."""

    black: float
    white: float
    count: int

    @property
    def text(self) -> str:
        """The two values, for the user."""
        return f"{self.black:,.6g} becomes black and {self.white:,.6g} white"


@dataclass(frozen=True, slots=True)
class BrightnessRules:
    """The rules for images of whole numbers and of floats in one folder."""

    whole: BrightnessRule | None
    floats: BrightnessRule | None

    @property
    def warnings(self) -> list[str]:
        """One line for each rule."""
        named = {"16- or 32-bit numbers": self.whole, "32-bit floats": self.floats}
        return [
            f"{rule.count:,} image{'' if rule.count == 1 else 's'} of {kind}: {rule.text}, "
            "in all of them."
            for kind, rule in named.items()
            if rule is not None
        ]

    def apply(self, image: Image.Image) -> Image.Image:
        """Return an image as 8-bit grey values."""
        rule = self.floats if image.mode == "F" else self.whole
        assert rule is not None, "the range of this image is not part of the rules"
        values = (np.asarray(image, np.float64) - rule.black) / ((rule.white - rule.black) / 255)
        values = np.rint(values) if image.mode == "F" else np.floor(values + _ROUNDING)
        return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def is_deep(image: Image.Image) -> bool:
    """Whether an image has more than 8 bits for each grey value."""
    return image.mode == "F" or image.mode.startswith("I")


def value_range(image: Image.Image) -> ValueRange:
    """Return the range of an image's values.

    Raises:
        ValueError: It contains NaN or infinite values.
    """
    values = np.asarray(image)
    if not np.isfinite(values).all():
        raise ValueError("the image contains NaN or infinite values")
    return ValueRange(float(values.min()), float(values.max()), image.mode == "F")


def brightness_rules(ranges: Sequence[ValueRange]) -> BrightnessRules:
    """Return the rules for images with these ranges.

    Whole numbers from 0 use the smallest usual number of bits (8, 10, 12, 14, 16) that holds all
    of them. Floats within 0…1 use that range, those up to 255 as they are. All others are scaled
    from their smallest to their largest value.
    """
    whole = [item for item in ranges if not item.is_float]
    floats = [item for item in ranges if item.is_float]
    return BrightnessRules(_whole_rule(whole), _float_rule(floats))


def _whole_rule(ranges: Sequence[ValueRange]) -> BrightnessRule | None:
    if not ranges:
        return None
    low, high = _limits(ranges)
    white = next((2.0**bits - 1 for bits in _BITS if high < 2**bits), None)
    if low < 0 or white is None:
        return _rule(low, high, len(ranges))
    return BrightnessRule(0.0, white, len(ranges))


def _float_rule(ranges: Sequence[ValueRange]) -> BrightnessRule | None:
    if not ranges:
        return None
    low, high = _limits(ranges)
    if low >= 0 and high <= 1:
        return BrightnessRule(0.0, 1.0, len(ranges))
    if low >= 0 and 128 <= high <= 255:
        return BrightnessRule(0.0, 255.0, len(ranges))
    return _rule(low, high, len(ranges))


def _rule(low: float, high: float, count: int) -> BrightnessRule:
    return BrightnessRule(low, high if high > low else low + 1, count)


def _limits(ranges: Sequence[ValueRange]) -> tuple[float, float]:
    return min(item.low for item in ranges), max(item.high for item in ranges)
