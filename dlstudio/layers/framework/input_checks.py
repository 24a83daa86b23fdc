"""Checks for inputs of real numbers, with or without channels. Imports no particular kind."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import axes_differ
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.layer_problems import REMOVE, layer_error, wrong_dtype
from dlstudio.layers.framework.sliding_window import AXES, reshape_repair


def needs_real(title: str, signal: Signal) -> Iterator[Problem]:
    """Yield a problem unless the input has real numbers."""
    if signal.dtype != "float32":
        yield wrong_dtype(
            title,
            signal,
            "real numbers (float32)",
            "Choose a normalisation in the data settings, which gives real numbers.",
            (REMOVE,),
        )


def needs_channels(title: str, signal: Signal, axes: int, alternative: str) -> Iterator[Problem]:
    """Yield a problem unless the input has channels, `axes` more axes and real numbers.

    `alternative` suggests a layer for other inputs: `For features use Dropout`.
    """
    if len(signal.shape) != axes + 1:
        yield layer_error(
            "wrong-rank",
            f"{title} cannot take {signal.text()}",
            f"{title} takes {AXES[axes]}, {axes + 1} axes, but {signal.text()} has "
            f"{len(signal.shape)}. {alternative}, or insert a Reshape.",
            (REMOVE, reshape_repair(signal.shape, axes)),
            short=axes_differ(len(signal.shape), axes + 1),
        )
    else:
        yield from needs_real(title, signal)
