"""What a view returns: frozen dataclasses of numpy arrays that every panel can draw.

Imports neither torch nor Qt. `title` is shown above the drawing, `unit` after the numbers.
Arrays must not be modified afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy loads slowly, and the first paint does not need it
    from typing import Any

    import numpy as np
    import numpy.typing as npt

    from dlstudio.insight.common.array_types import Floats

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Maps:
    """2-D maps of numbers: feature maps, filters, saliency.

    Attributes:
        values: `(K, H, W)`.
        names: One name per map, or empty.
        low, high: Ends of the colour scale; None takes them from the values.
    """

    values: Floats
    names: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if the shapes do not agree."""
        _check_axes("Maps.values", self.values, 3)
        _check_names("Maps.names", self.names, self.values.shape[0])


@dataclass(frozen=True, slots=True)
class Vector:
    """Numbers identified by their index, not by a name: a bias, a latent code.

    Attributes:
        values: `(N,)`.
    """

    values: Floats
    unit: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if the shapes do not agree."""
        _check_axes("Vector.values", self.values, 1)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Numbers by row and column: a confusion matrix, attention, correlations.

    Attributes:
        values: `(R, C)`.
        rows, columns: Names of the rows and columns, or empty.
        row_title, column_title: What the rows and columns represent.
        low, high: Ends of the colour scale; None takes them from the values.
    """

    values: Floats
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    row_title: str = ""
    column_title: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if the shapes do not agree."""
        _check_axes("Matrix.values", self.values, 2)
        _check_names("Matrix.rows", self.rows, self.values.shape[0])
        _check_names("Matrix.columns", self.columns, self.values.shape[1])


@dataclass(frozen=True, slots=True)
class Curves:
    """Lines over one axis.

    Attributes:
        x: `(N,)`, increasing.
        lines: Values `(N,)` by name; NaN leaves a gap.
        x_title, y_title: Titles of the axes.
        x_unit: Unit of `x`.
        unit: Unit of the lines.
        log: Whether the y axis is logarithmic.
    """

    x: Floats
    lines: Mapping[str, Floats]
    x_title: str = ""
    y_title: str = ""
    x_unit: str = ""
    unit: str = ""
    log: bool = False
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if the shapes do not agree."""
        _check_axes("Curves.x", self.x, 1)
        for name, line in self.lines.items():
            _check_shape(f"Curves.lines[{name!r}]", line, self.x.shape)


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar per name.

    Attributes:
        names: Names of the bars.
        values: `(N,)`.
        spread: Half the difference between the largest and the smallest value of each bar `(N,)`,
            or None.
        low, high: Ends of the scale; None takes the values with their spread, and includes 0.
    """

    names: tuple[str, ...]
    values: Floats
    spread: Floats | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if the shapes do not agree."""
        _check_shape("Bars.values", self.values, (len(self.names),))
        if self.spread is not None:
            _check_shape("Bars.spread", self.spread, (len(self.names),))


@dataclass(frozen=True, slots=True)
class Scatter:
    """Points on a plane.

    Attributes:
        points: `(N, 2)`.
        labels: Class index of each point `(N,)`, or None.
        class_names: Name of each class index.
        x_title, y_title: Titles of the axes; an axis without a title is not drawn.
    """

    points: Floats
    labels: npt.NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
    x_title: str = ""
    y_title: str = ""
    unit: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if the shapes do not agree."""
        _check_axes("Scatter.points", self.points, 2)
        _check_shape("Scatter.points", self.points, (self.points.shape[0], 2))
        if self.labels is not None:
            _check_shape("Scatter.labels", self.labels, self.points.shape[:1])


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text and numbers.

    Attributes:
        columns: Column titles, with the unit in brackets if there is one.
        rows: One cell per column; None leaves it empty.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if the shapes do not agree."""
        if wrong := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(
                f"Table: a row has {len(wrong[0])} cells, but there are "
                f"{len(self.columns)} columns."
            )


@dataclass(frozen=True, slots=True)
class Text:
    """One or more paragraphs of plain text."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A function of two variables on a grid: a decision map, a loss landscape.

    Attributes:
        values: `(H, W)`; the first row is at the smallest y.
        x_range, y_range: First and last coordinate of the grid.
        x_title, y_title: Titles of the axes.
        points: Points drawn on top, or None.
        low, high: Ends of the colour scale; None takes them from the values.
    """

    values: Floats
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_title: str = ""
    y_title: str = ""
    points: Scatter | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError if the shapes do not agree."""
        _check_axes("Field.values", self.values, 2)


@dataclass(frozen=True, slots=True)
class CardOverlay:
    """A number per layer, drawn on its card: gradient norms, time, sparsity.

    Attributes:
        values: Values by the dotted path of the layer.
        low, high: Ends of the colour scale; None takes them from the values.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    unit: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError unless the keys are text and the values are numbers."""
        if wrong := [path for path in self.values if not isinstance(path, str)]:
            raise ValueError(f"CardOverlay.values has the key {wrong[0]!r}, which is not a path.")
        numbers = {
            path: _to_float(f"CardOverlay.values[{path!r}]", number)
            for path, number in self.values.items()
        }
        object.__setattr__(self, "values", numbers)
        for name, end in (("low", self.low), ("high", self.high)):
            if end is not None:
                object.__setattr__(self, name, _to_float(f"CardOverlay.{name}", end))


ViewValue = Maps | Vector | Matrix | Curves | Bars | Scatter | Table | Text | Field | CardOverlay
"""Types that the shared drawings can show."""


def _check_axes(name: str, array: npt.NDArray[Any], count: int) -> None:
    if array.ndim != count:
        raise ValueError(f"{name} must have {count} axes, not the shape {array.shape}.")


def _check_shape(name: str, array: npt.NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}, not {array.shape}.")


def _to_float(name: str, number: Any) -> float:
    """Return a number of any type, such as a numpy scalar, as a float."""
    reason = f"{name} must be a number, not a {type(number).__name__}."
    if isinstance(number, (str, bytes)):
        raise ValueError(reason)
    try:
        return float(number)
    except OverflowError as error:
        raise ValueError(f"{name} is too large.") from error
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(reason) from error


def _check_names(name: str, names: Sequence[str], count: int) -> None:
    if names and len(names) != count:
        raise ValueError(f"{name} must be {count} names or none, not {len(names)}.")
