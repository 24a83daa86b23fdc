"""Settings for one axis of a sample, and layers that work along it. Imports no particular kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import short_enough
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.custom_modules import custom_call
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    ALL_DTYPES,
    REMOVE,
    change,
    layer_error,
    wrong_dtype,
)
from dlstudio.layers.framework.meanings import MEANING_BY_AXES
from dlstudio.layers.framework.settings import Integer

NEW_AXIS = "Index of the new axis: 0 is before all others, −1 after them."


def axis_setting(help_text: str, default: int | None = 0, *, optional: bool = False) -> Integer:
    """Return the declaration of a sample axis, with `help_text` as its help."""
    return Integer(
        title="Axis", help=help_text, default=default, minimum=-8, maximum=7, optional=optional
    )


def last_axis_setting(help_text: str) -> Integer:
    """Return the setting `axis` with the default −1, the last axis."""
    return Integer(title="Axis", help=help_text, default=-1, minimum=-8, maximum=7, advanced=True)


def axis_summary(axis: int) -> str:
    """Return the axis for the card, empty if it is the last."""
    return "" if axis == -1 else f"axis {axis}"


def batched_axis(axis: int) -> int:
    """Return the tensor axis of a sample axis: the batch comes first."""
    return axis + 1 if axis >= 0 else axis


def needs_axis(title: str, signal: Signal, axis: int) -> Iterator[Problem]:
    """Yield a problem if the input has no such axis, or none at all."""
    rank = len(signal.shape)
    if rank == 0:
        yield layer_error(
            "wrong-rank",
            f"{title} needs at least one axis",
            f"{title} works along an axis of several numbers, but the input is a single number. "
            "Remove the layer, or wire it to one with several outputs.",
            (REMOVE,),
            short="a single number",
        )
    elif not -rank <= axis < rank:
        yield layer_error(
            "axis-missing",
            f"{signal.text()} has no axis {axis}",
            f"{title} is set to axis {axis}, but {signal.text()} only has the axes 0…{rank - 1}. "
            "Choose one of them; −1 is always the last.",
            (change("Use the last axis", axis=-1),),
            short=short_enough(f"no axis {axis}", "no such axis"),
        )


@dataclass(frozen=True, eq=False, repr=False)
class AxisLayer(LayerKind):
    """A layer with one input and the setting `axis`, built from one of dlstudio's own modules.

    Class attributes: `module` names the module's file; `dtypes` are what it can take; `added_axes`
    is 1 where `axis` names an axis that the layer adds.
    """

    category: ClassVar[str] = "merge"
    module: ClassVar[str]
    dtypes: ClassVar[tuple[str, ...]] = ALL_DTYPES
    added_axes: ClassVar[int] = 0

    axis: int | None

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if signal.dtype not in self.dtypes:
            yield wrong_dtype(
                self.title,
                signal,
                "real numbers (float32)",
                "Choose a normalisation in the data settings, or remove the layer.",
                (REMOVE,),
            )
        problem = missing_axis_problem(self, signal, self.axis, self.added_axes)
        if problem:
            yield problem
        else:
            yield from self.extra_checks(signal)

    def extra_checks(self, signal: Signal) -> Iterator[Problem]:
        """Yield further problems of an input that has the axis."""
        yield from ()

    def axis_index(self, signal: Signal) -> int:
        """Return the axis as a non-negative index."""
        return (self.axis or 0) % (len(signal.shape) + self.added_axes)

    def axis_size(self, signal: Signal) -> int:
        """Return the input's size along the axis."""
        return signal.shape[self.axis_index(signal)]

    def call(self, signals: Signals) -> Call:
        return custom_call(self, self.module)

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        (signal,) = signals["input"]
        if len(signal.shape) == len(shape):
            return signal.meaning
        return MEANING_BY_AXES.get(len(shape), "")

    def card_summary(self) -> str:
        return "all axes" if self.axis is None else f"axis {self.axis}"


def missing_axis_problem(
    kind: LayerKind, signal: Signal, axis: int | None, added_axes: int = 0
) -> Problem | None:
    """Return the problem of an axis that the input does not have; None means any axis."""
    rank = len(signal.shape) + added_axes
    if axis is None or -rank <= axis < rank:
        return None
    if not rank:
        return layer_error(
            "wrong-rank",
            f"{kind.title} needs at least one axis",
            f"{kind.title} works along an axis of a sample, but the input is a single number "
            "without axes. Remove the layer, or wire it to one with several outputs.",
            (REMOVE,),
            short="a single number",
        )
    default = kind.declarations()["axis"].default
    label = "all axes" if default is None else f"axis {default}"
    return layer_error(
        "axis-missing",
        f"{signal.text()} has no axis {axis}",
        f"{kind.title} is set to axis {axis}, but {signal.text()} only has the axes 0…{rank - 1}. "
        "Choose one of them; −1 is always the last.",
        (change(f"Use {label}", axis=default),),
        short=short_enough(f"no axis {axis}", "no such axis"),
    )
