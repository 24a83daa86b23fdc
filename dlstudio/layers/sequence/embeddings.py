"""Embeddings of image patches and of time steps, for transformers and diffusion."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import exceeds
from dlstudio.design.model.signals import Signal
from dlstudio.layers.convolution.convolution_checks import needs_maps
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    MAX_ELEMENTS,
    REMOVE,
    change,
    insert,
    layer_error,
    layer_hint,
    shape_text,
    too_large,
    wrong_dtype,
)
from dlstudio.layers.framework.settings import Integer, IntegerList, setting
from dlstudio.layers.framework.weighted import Weighted, bias_setting
from dlstudio.layers.sequence.positions import BASE, OWN
from dlstudio.layers.sequence.sequence_layers import SequenceLayer


@dataclass(frozen=True, eq=False, repr=False)
class PatchEmbedding(SequenceLayer, Weighted):
    """A sequence of image patches, each projected to a vector."""

    name: ClassVar[str] = "patch_embedding"
    title: ClassVar[str] = "Patch embedding"
    category: ClassVar[str] = "attention"
    summary: ClassVar[str] = "Cuts an image into patches, a vector for each"
    explanation: ClassVar[str] = (
        "Cuts an image into equal squares, like a sheet of stamps, and makes a list of learned "
        "features of each. Row by row they form a sequence, so that a transformer can read an "
        "image as it reads a sentence. The sequence no longer contains where a patch was: add "
        "positions after it."
    )
    formula: ClassVar[str] = (
        "(<i>C, H, W</i>) → (<i>H</i>/<i>p</i> · <i>W</i>/<i>p</i>, <i>features</i>)"
    )

    width: int = setting(
        Integer(title="Features", help="Number of features of each patch.", default=64)
    )
    patch_size: tuple[int, ...] = setting(
        IntegerList(
            title="Patch size",
            help="Height and width of a patch; should divide those of the image.",
            default=(4, 4),
            count=2,
        )
    )
    bias: bool = setting(bias_setting("feature", advanced=True))

    def card_summary(self) -> str:
        return f"{self.width} · {shape_text(self.patch_size)}"

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(needs_maps(self.title, signal, 2))
        if not problems:
            problems += self._size_problems(signal)
        yield from problems

    def _size_problems(self, signal: Signal) -> Iterator[Problem]:
        pairs = list(zip(signal.shape[1:], self.patch_size, strict=True))
        patches = math.prod(size // patch for size, patch in pairs)
        weights = self.width * signal.shape[0] * math.prod(self.patch_size)
        count = max(weights, self.width * patches)
        even = tuple(_nearest_divisor(size, patch) for size, patch in pairs)
        fitting = (change(f"Use patches of {shape_text(even)}", patch_size=even),)
        if not patches:
            yield layer_error(
                "kernel-too-large",
                f"A patch of {shape_text(self.patch_size)} is larger than {signal.text()}",
                f"The input is {signal.text()}, which is smaller than one patch of "
                f"{shape_text(self.patch_size)}. Make the patches smaller.",
                fitting,
                short=exceeds(self.patch_size, signal.shape[1:]),
            )
        elif count > MAX_ELEMENTS:
            yield too_large(self.title, "It", count)
        elif any(size % patch for size, patch in pairs):
            yield layer_hint(
                "patches-left-over",
                f"Patches of {shape_text(self.patch_size)} do not fill {signal.text()}",
                f"{shape_text(signal.shape[1:])} cannot be divided into "
                f"{shape_text(self.patch_size)}: the remainder at the right or lower edge is "
                "ignored. Choose a size that divides it.",
                fitting,
                short="edge ignored",
            )

    def call(self, signals: Signals) -> Call:
        return Call(
            f"{OWN}PatchEmbedding",
            {
                "in_channels": signals["input"][0].shape[0],
                "width": self.width,
                "patch_size": self.patch_size,
                "bias": self.bias,
            },
        )


def _nearest_divisor(size: int, limit: int) -> int:
    """Return the largest divisor of a size up to a limit."""
    return next(divisor for divisor in range(min(size, limit), 0, -1) if size % divisor == 0)


@dataclass(frozen=True, eq=False, repr=False)
class TimeStepEmbedding(SequenceLayer):
    """A sinusoidal embedding of one integer."""

    name: ClassVar[str] = "time_step_embedding"
    title: ClassVar[str] = "Time-step embedding"
    category: ClassVar[str] = "attention"
    summary: ClassVar[str] = "Encodes a time step as sine waves"
    explanation: ClassVar[str] = (
        "Turns one integer, such as how noisy an image is in diffusion, into a list of features: "
        "it reads sine waves of many wavelengths at that moment. Close moments get similar lists "
        "and distant ones different lists, as the hour, minute and second hand together tell the "
        "time. Nothing is learned; add a Linear layer after it."
    )
    formula: ClassVar[str] = (
        "<i>y</i><sub>2<i>i</i></sub> = sin(<i>t</i> / <i>b</i><sup>2<i>i</i>/<i>F</i></sup>), "
        "<i>y</i><sub>2<i>i</i>+1</sub> = cos(…)"
    )

    width: int = setting(
        Integer(title="Features", help="Number of features that encode the time.", default=64)
    )
    base: float = setting(BASE)

    def card_summary(self) -> str:
        return str(self.width)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        if signal.dtype in ("float32", "bool"):
            yield wrong_dtype(
                self.title,
                signal,
                "one integer (int64)",
                "Wire it to an Input with the role time step, or remove it.",
                (REMOVE,),
            )
        elif signal.shape:
            single = math.prod(signal.shape) == 1
            number = insert("Insert Reshape to one number", "reshape", {"shape": ()})
            yield layer_error(
                "wrong-rank",
                f"Time-step embedding needs one number, not {signal.text()}",
                "Every sample has one time step, a single number, but the input is "
                f"{signal.text()}. Wire it to an Input with the role time step and no shape.",
                (number,) if single else (REMOVE,),
                short="not one number",
            )

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}TimeStepEmbedding", {"width": self.width, "base": self.base})


KINDS: tuple[type[LayerKind], ...] = (PatchEmbedding, TimeStepEmbedding)
"""In the palette's order."""
