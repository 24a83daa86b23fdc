"""The classes of masks: what each value of a pixel means. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.errors import DataError
from dlstudio.data.text.text_file import read_decoded

Values = npt.NDArray[np.int64]

CLASSES = "classes.txt"
COLOUR_OFFSET = 1 << 24
"""Added to colours, to distinguish them from grey values."""
_UNLABELLED = 255
_UNLABELLED_COLOUR = COLOUR_OFFSET + 0xE0E0C0
"""Value and colour of pixels without a class in Pascal VOC, and the value in Cityscapes."""
_MAX_VALUES = 64


@dataclass(frozen=True, slots=True)
class MaskClasses:
    """The classes of masks.

    Attributes:
        values: The value of each class, in class order.
        ignored: The value of pixels without a class, None if all have one.
        notes: How the file of names was decoded, if that is unusual.
    """

    names: tuple[str, ...]
    values: tuple[int, ...]
    ignored: int | None
    notes: tuple[str, ...] = ()

    def to_indices(self, masks: Values, ignore_index: int) -> Values:
        """Return the class index of each pixel, `ignore_index` where there is none."""
        if self.values == tuple(range(len(self.values))):
            return masks if self.ignored is None else self._masked(masks, masks, ignore_index)
        indices: Values = np.searchsorted(np.array(self.values), masks).astype(np.int64)
        return self._masked(masks, indices, ignore_index)

    def _masked(self, masks: Values, indices: Values, ignore_index: int) -> Values:
        if self.ignored is None:
            return indices
        masked: Values = np.where(masks == self.ignored, ignore_index, indices)
        return masked

    @property
    def warnings(self) -> tuple[str, ...]:
        """Lines about the names and about pixels without a class."""
        if self.ignored is None:
            return self.notes
        return (
            *self.notes,
            f"Mask value {value_text(self.ignored)} marks pixels without a class: they are neither "
            "learned nor evaluated.",
        )


def find_classes(distinct: Values, folder: Path, unlabelled: str) -> MaskClasses:
    """Return the classes of masks with these values.

    With a file `classes.txt` of one name per line, a value is the index of its line; without one,
    each value that occurs is a class, in ascending order.

    Args:
        distinct: The values that occur, ascending.
        folder: The folder that may contain `classes.txt`.
        unlabelled: Whether 255 marks pixels without a class: `ignore`, `class`, or `auto`. By
            `auto` it does if it is beyond the names in `classes.txt`, or if the other values count
            from 0 without gaps.

    Raises:
        DataError: There are too many or too few values, or more than names.
    """
    class_file = folder / CLASSES
    decoded = read_decoded(class_file) if class_file.is_file() else None
    names = _names(decoded.text) if decoded is not None else None
    ignored = _ignored_value(distinct, names, unlabelled)
    classes = distinct[distinct != ignored] if ignored is not None else distinct
    if names is not None:
        if len(classes) and int(classes[-1]) >= len(names):
            raise DataError(
                f"{class_file} names {len(names)} classes, counted from 0, but the masks contain "
                f"{value_text(int(classes[-1]))}."
            )
        notes = decoded.warnings(CLASSES) if decoded is not None else ()
        return MaskClasses(names, tuple(range(len(names))), ignored, notes)
    if len(classes) > _MAX_VALUES:
        raise DataError(
            f"The masks in {folder} contain {len(classes)} different values; at most "
            f"{_MAX_VALUES} can be classes. Save them as PNG, without smoothed edges."
        )
    if len(classes) < 2:
        raise DataError(
            f"The masks in {folder} contain only one value; at least two classes are needed."
        )
    values = tuple(map(int, classes))
    return MaskClasses(tuple(map(value_text, values)), values, ignored)


def value_text(value: int) -> str:
    """Return a grey value as a number, and a colour as `#rrggbb`."""
    return f"#{value - COLOUR_OFFSET:06x}" if value >= COLOUR_OFFSET else str(value)


def _names(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line)


def _ignored_value(distinct: Values, names: tuple[str, ...] | None, unlabelled: str) -> int | None:
    if unlabelled == "class":
        return None
    if _UNLABELLED_COLOUR in distinct and (unlabelled == "ignore" or COLOUR_OFFSET in distinct):
        return _UNLABELLED_COLOUR
    if _UNLABELLED not in distinct:
        return None
    if unlabelled == "ignore":
        return _UNLABELLED
    if names is not None:
        return _UNLABELLED if len(names) <= _UNLABELLED else None
    others = distinct[distinct != _UNLABELLED]
    counts_from_0 = len(others) > 1 and np.array_equal(others, np.arange(len(others)))
    return _UNLABELLED if counts_from_0 else None
