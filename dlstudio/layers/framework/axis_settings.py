"""One axis of a sample as a setting, and what can be wrong with it. Knows no particular kind."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.layer_problems import REMOVE, change, error
from dlstudio.layers.framework.settings import Integer


def last_axis_setting(help_text: str) -> Integer:
    """Return the setting `axis`; −1, the last, unless chosen otherwise."""
    return Integer(title="Axis", help=help_text, default=-1, minimum=-8, maximum=7, advanced=True)


def axis_summary(axis: int) -> str:
    """Return the axis for the card, where it is not the last."""
    return "" if axis == -1 else f"axis {axis}"


def batched_axis(axis: int) -> int:
    """Return torch's number of a sample axis: the batch counts there."""
    return axis + 1 if axis >= 0 else axis


def needs_axis(title: str, signal: Signal, axis: int) -> Iterator[Problem]:
    """Yield a problem where the input has no such axis, or none at all."""
    rank = len(signal.shape)
    if rank == 0:
        yield error(
            "wrong-rank",
            f"{title} needs at least one axis",
            f"{title} works along an axis of several numbers, but a single number arrives. Remove "
            "it, or wire it to a layer with several outputs.",
            (REMOVE,),
        )
    elif not -rank <= axis < rank:
        yield error(
            "axis-missing",
            f"{signal.text()} has no axis {axis}",
            f"{title} shall work along axis {axis}, but {signal.text()} has the axes "
            f"0…{rank - 1}. Choose one of them; −1 is always the last.",
            (change("Use the last axis", axis=-1),),
        )
