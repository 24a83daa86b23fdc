"""A setting for one axis of a sample, and its problems. Knows no particular kind."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.layer_problems import REMOVE, change, error
from dlstudio.layers.framework.settings import Integer


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
        yield error(
            "wrong-rank",
            f"{title} needs at least one axis",
            f"{title} works along an axis of several numbers, but the input is a single number. "
            "Remove the layer, or wire it to one with several outputs.",
            (REMOVE,),
        )
    elif not -rank <= axis < rank:
        yield error(
            "axis-missing",
            f"{signal.text()} has no axis {axis}",
            f"{title} is set to axis {axis}, but {signal.text()} only has the axes 0…{rank - 1}. "
            "Choose one of them; −1 is always the last.",
            (change("Use the last axis", axis=-1),),
        )
