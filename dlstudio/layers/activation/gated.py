"""Activations with a gate: the number's own, or the other half of an axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.short_texts import short_enough
from dlstudio.design.model.signals import Signal
from dlstudio.layers.activation.rectifiers import Activation
from dlstudio.layers.framework.axis_layers import (
    axis_summary,
    batched_axis,
    last_axis_setting,
    needs_axis,
)
from dlstudio.layers.framework.input_checks import needs_real
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.layers.framework.layer_problems import change, insert, layer_error
from dlstudio.layers.framework.settings import Choice, setting

OWN = "dlstudio.network.modules.activations."


@dataclass(frozen=True, eq=False, repr=False)
class GELU(Activation):
    """`torch.nn.GELU`."""

    name: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"
    summary: ClassVar[str] = "A smooth ReLU, usual in language models"
    explanation: ClassVar[str] = (
        "Multiplies each number by the probability that a random number from a bell curve is "
        "smaller. Clearly positive numbers pass, clearly negative ones vanish, those in between "
        "pass in part, like a door that opens wider the harder you push. Language models such as "
        "GPT use it."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> Φ(<i>x</i>)"

    approximate: str = setting(
        Choice(
            title="Approximation",
            help="none computes it exactly; tanh is a little faster and what GPT-2 used.",
            default="none",
            options=("none", "tanh"),
            advanced=True,
        )
    )


@dataclass(frozen=True, eq=False, repr=False)
class SiLU(Activation):
    """`torch.nn.SiLU`, also called Swish."""

    name: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"
    summary: ClassVar[str] = "A smooth ReLU, also called Swish"
    explanation: ClassVar[str] = (
        "Multiplies each number by its own sigmoid: the number itself decides how far its gate "
        "opens. Large numbers pass, very negative ones vanish, and just below 0 it dips a little. "
        "It is smooth everywhere, like a ramp instead of a step; diffusion models use it."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> / (1 + e<sup>−<i>x</i></sup>)"


@dataclass(frozen=True, eq=False, repr=False)
class Mish(Activation):
    """`torch.nn.Mish`."""

    name: ClassVar[str] = "mish"
    title: ClassVar[str] = "Mish"
    summary: ClassVar[str] = "A smooth ReLU, a little deeper below zero"
    explanation: ClassVar[str] = (
        "A close relative of SiLU: large numbers pass, very negative ones vanish, and just below "
        "0 it dips, like a path that runs through a hollow before it climbs. It is smooth "
        "everywhere; the image detector YOLOv4 uses it. It costs a little more to compute."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> tanh(ln(1 + e<sup><i>x</i></sup>))"


@dataclass(frozen=True, eq=False, repr=False)
class Hardswish(Activation):
    """`torch.nn.Hardswish`."""

    name: ClassVar[str] = "hardswish"
    title: ClassVar[str] = "Hardswish"
    summary: ClassVar[str] = "SiLU drawn with a ruler, for small devices"
    explanation: ClassVar[str] = (
        "Looks nearly like SiLU but needs no exponential, as a quick sketch made with a ruler "
        "looks nearly like the curve. Below −3 nothing passes, above 3 everything does, and a "
        "parabola connects the two. Networks for phones such as MobileNetV3 use it."
    )
    formula: ClassVar[str] = "<i>y</i> = <i>x</i> min(max(0, <i>x</i> + 3), 6) / 6"


@dataclass(frozen=True, eq=False, repr=False)
class GluFamily(LayerKind):
    """Activations in which one half of an axis gates the other."""

    category: ClassVar[str] = "activation"

    axis: int = setting(
        last_axis_setting(
            "The axis of a sample split into two halves: 0 is the first, the channels of an "
            "image; −1 is the last."
        )
    )

    def card_summary(self) -> str:
        return axis_summary(self.axis)

    def check(self, signals: Signals) -> Iterator[Problem]:
        (signal,) = signals["input"]
        problems = list(needs_axis(self.title, signal, self.axis))
        problems = problems or list(needs_real(self.title, signal))
        if not problems and signal.shape[self.axis] % 2:
            problems = [_odd_size_problem(self.title, signal, self.axis)]
        yield from problems


@dataclass(frozen=True, eq=False, repr=False)
class GLU(GluFamily):
    """`torch.nn.GLU`."""

    name: ClassVar[str] = "glu"
    title: ClassVar[str] = "GLU"
    summary: ClassVar[str] = "One half decides how much of the other passes"
    explanation: ClassVar[str] = (
        "Splits an axis into two halves: the first holds the candidates, the second, squeezed "
        "between 0 and 1, how far each gate opens, like faders on a mixing desk. Both halves come "
        "from the layer before, so the network learns when to let something through. The axis is "
        "half as long afterwards."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>a</i> / (1 + e<sup>−<i>b</i></sup>), [<i>a, b</i>] = <i>x</i>"
    )

    def call(self, signals: Signals) -> Call:
        return Call("torch.nn.GLU", {"dim": batched_axis(self.axis)})


@dataclass(frozen=True, eq=False, repr=False)
class SwiGLU(GluFamily):
    """SwiGLU, built by `network/modules`."""

    name: ClassVar[str] = "swiglu"
    title: ClassVar[str] = "SwiGLU"
    summary: ClassVar[str] = "The gate of newer language models"
    explanation: ClassVar[str] = (
        "Splits an axis into two halves, sends the first through SiLU and multiplies it by the "
        "second, like two people who must turn their keys together before a door opens. The layer "
        "before should therefore be twice as wide. Language models such as Llama use it between "
        "the two Linear layers of each block."
    )
    formula: ClassVar[str] = (
        "<i>y</i> = <i>a b</i> / (1 + e<sup>−<i>a</i></sup>), [<i>a, b</i>] = <i>x</i>"
    )

    def call(self, signals: Signals) -> Call:
        return Call(f"{OWN}SwiGLU", {"axis": self.axis})


def _odd_size_problem(title: str, signal: Signal, axis: int) -> Problem:
    size = signal.shape[axis]
    return layer_error(
        "odd-size",
        f"{size} cannot be split into two halves",
        f"{title} splits axis {axis} of {signal.text()} into two equal halves, but its size {size} "
        "is odd. Give the layer before an even size, or split another axis.",
        _even_size_repairs(signal, axis),
        short=short_enough(f"{size} is odd", "odd size"),
    )


def _even_size_repairs(signal: Signal, axis: int) -> Iterator[Repair]:
    for other, size in enumerate(signal.shape):
        if size % 2 == 0:
            yield change(f"Split axis {other}", axis=other)
    even_size = signal.shape[axis] + 1
    if len(signal.shape) == 1:
        yield insert(
            f"Insert Linear with {even_size} outputs", "linear", {"out_features": even_size}
        )
    elif len(signal.shape) == 3 and axis in (0, -3):
        settings = {"out_channels": even_size, "kernel_size": (1, 1)}
        yield insert(f"Insert 1×1 Conv2d with {even_size} filters", "conv2d", settings)


KINDS: tuple[type[LayerKind], ...] = (GELU, SiLU, Mish, Hardswish, GLU, SwiGLU)
"""In the palette's order."""
