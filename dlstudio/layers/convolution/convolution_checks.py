"""Problems of convolutions and their fixes. Imports no particular kind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.short_texts import axes_differ, exceeds, indivisible, unequal
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.layer_problems import (
    change,
    layer_error,
    layer_hint,
    setting_error,
    shape_text,
    wrong_dtype,
)
from dlstudio.layers.framework.sliding_window import AXES, reshape_repair, spans


@dataclass(frozen=True, slots=True)
class Window:
    """A filter's geometry, one number per axis it slides along."""

    kernel: Shape
    stride: Shape
    padding: Shape | str
    dilation: Shape

    @property
    def spans(self) -> Shape:
        """Positions that the filter covers along each axis."""
        return spans(self.kernel, self.dilation)

    @property
    def pads(self) -> tuple[tuple[int, int], ...]:
        """Positions added before and after each axis."""
        if self.padding == "same":
            return tuple(((span - 1) // 2, span - 1 - (span - 1) // 2) for span in self.spans)
        if isinstance(self.padding, str):
            return ((0, 0),) * len(self.kernel)
        return tuple((pad, pad) for pad in self.padding)

    def output_sizes(self, sizes: Shape) -> Shape:
        """Return the output sizes; below 1 if the filter does not fit."""
        return tuple(
            (size + sum(pad) - span) // stride + 1
            for size, pad, span, stride in zip(
                sizes, self.pads, self.spans, self.stride, strict=True
            )
        )


class HasGroups(Protocol):
    """A layer whose channels are split into groups."""

    @property
    def out_channels(self) -> int:
        """Number of filters."""

    @property
    def groups(self) -> int:
        """Number of groups."""


def needs_maps(title: str, signal: Signal, axes: int) -> Iterator[Problem]:
    """Yield a problem unless the input has channels and `axes` more axes of real numbers."""
    if len(signal.shape) != axes + 1:
        yield layer_error(
            "wrong-rank",
            f"{title} cannot take {signal.text()}",
            f"{title} slides over {AXES[axes]}, {axes + 1} axes, but {signal.text()} has "
            f"{len(signal.shape)}. Insert a Reshape, or wire it to a layer that still has these "
            "axes.",
            (reshape_repair(signal.shape, axes),),
            short=axes_differ(len(signal.shape), axes + 1),
        )
    elif signal.dtype != "float32":
        yield wrong_dtype(
            title,
            signal,
            "real numbers (float32)",
            "Choose a normalisation in the data settings, or wire it to a layer with real outputs.",
        )


def same_with_stride(window: Window) -> Iterator[Problem]:
    """Yield a problem if the padding is `same` and a stride is above 1."""
    if window.padding == "same" and set(window.stride) != {1}:
        same_padding = tuple((span - 1) // 2 for span in window.spans)
        yield setting_error(
            f"Padding same requires stride 1, not {shape_text(window.stride)}",
            f"The padding same keeps the size, but a stride of {shape_text(window.stride)} reduces "
            "it. Set the stride to 1, or give the padding as numbers.",
            (
                change(f"Set the padding to {shape_text(same_padding)}", padding=same_padding),
                change("Set the stride to 1", stride=(1,) * len(window.stride)),
            ),
            short=unequal(window.stride, (1,) * len(window.stride)),
        )


def groups_divide(title: str, layer: HasGroups, channels: int) -> Iterator[Problem]:
    """Yield a problem if the groups do not divide the channels or the filters."""
    groups, filters = layer.groups, layer.out_channels
    if channels % groups == 0 and filters % groups == 0:
        return
    common = math.gcd(channels, filters)
    fitting = max(divisor for divisor in range(1, min(groups, common) + 1) if common % divisor == 0)
    repairs: list[Repair] = [change(f"Set the groups to {fitting}", groups=fitting)]
    if channels % groups == 0:
        rounded = -(-filters // groups) * groups
        repairs.append(change(f"Set the filters to {rounded}", out_channels=rounded))
    yield layer_error(
        "groups-divide",
        f"{groups} groups do not divide {channels} → {filters} channels",
        f"{title} splits {channels} input channels and {filters} filters into {groups} equal "
        "groups, which leaves a remainder. Choose a number of groups that divides both.",
        repairs,
        port="",
        short=indivisible(channels if channels % groups else filters, groups),
    )


def kernel_fits(title: str, sizes: Shape, window: Window) -> Iterator[Problem]:
    """Yield a problem if the filter is larger than the padded input."""
    padded = tuple(size + sum(pad) for size, pad in zip(sizes, window.pads, strict=True))
    if all(span <= size for span, size in zip(window.spans, padded, strict=True)):
        return
    fitting = tuple(
        min(kernel, (size - 1) // dilation + 1)
        for kernel, size, dilation in zip(window.kernel, padded, window.dilation, strict=True)
    )
    same = {"padding": "same"}
    strides = {} if set(window.stride) == {1} else {"stride": (1,) * len(sizes)}
    yield layer_error(
        "kernel-too-large",
        f"The {shape_text(window.spans)} window does not fit into {shape_text(padded)}",
        f"{title} covers {shape_text(window.spans)} positions, but the input has "
        f"{shape_text(sizes)}{f', with padding {shape_text(padded)}' if padded != sizes else ''}. "
        "Make the kernel smaller, add padding, or reduce the size less in earlier layers.",
        (
            change(f"Set the kernel to {shape_text(fitting)}", kernel_size=fitting),
            change("Pad to keep the size", padding_mode="zeros", **same, **strides),
        ),
        short=exceeds(window.spans, padded),
    )


def padding_fits(sizes: Shape, window: Window, mode: str) -> Iterator[Problem]:
    """Yield a problem if reflection or circular padding needs more than the input has."""
    slack = {"reflect": 1, "circular": 0}.get(mode)
    if slack is None:
        return
    limits = tuple(size - slack for size in sizes)
    if all(max(pad) <= limit for pad, limit in zip(window.pads, limits, strict=True)):
        return
    needed_padding = shape_text(max(pad) for pad in window.pads)
    repairs = [change("Pad with zeros instead", padding_mode="zeros")]
    if not isinstance(window.padding, str):
        fitting = tuple(min(pair) for pair in zip(window.padding, limits, strict=True))
        repairs.append(change(f"Set the padding to {shape_text(fitting)}", padding=fitting))
    yield layer_error(
        "padding-too-large",
        f"{shape_text(sizes)} is too small for {mode} padding of {needed_padding}",
        f"The padding mode {mode} copies from the input itself: for {shape_text(sizes)} it can add "
        f"at most {shape_text(limits)} on each side, not {needed_padding}. Use less padding, or "
        "zeros.",
        repairs,
        short=exceeds(tuple(max(pad) for pad in window.pads), limits),
    )


def uneven_same(window: Window) -> Iterator[Problem]:
    """Yield a hint if `same` must add more on one side than on the other."""
    if any(before != after for before, after in window.pads):
        yield layer_hint(
            "uneven-same",
            "An even kernel has no centre",
            f"To keep the size, a window of {shape_text(window.spans)} adds one position more "
            "after than before. It works, but needs a copy; odd kernels such as 3×3 are "
            "symmetric.",
            short="even kernel",
        )


def output_padding_fits(output_padding: Shape, stride: Shape, dilation: Shape) -> Iterator[Problem]:
    """Yield a problem unless the output padding is below the stride or the dilation."""
    limits = tuple(max(pair) - 1 for pair in zip(stride, dilation, strict=True))
    if all(amount <= limit for amount, limit in zip(output_padding, limits, strict=True)):
        return
    fitting = tuple(min(pair) for pair in zip(output_padding, limits, strict=True))
    yield setting_error(
        f"Output padding {shape_text(output_padding)} is too large",
        "The output padding must be smaller than the stride or the dilation: at most "
        f"{shape_text(limits)} here. It only selects one of several possible sizes.",
        (change(f"Set the output padding to {shape_text(fitting)}", output_padding=fitting),),
        short=exceeds(output_padding, limits),
    )


def output_remains(signal: Signal, sizes: Shape, padding: Shape) -> Iterator[Problem]:
    """Yield a problem if the padding of a transposed convolution removes everything."""
    if min(sizes) >= 1:
        return
    full_sizes = tuple(size + 2 * pad for size, pad in zip(sizes, padding, strict=True))
    fitting = tuple(
        min(pad, (size - 1) // 2) for pad, size in zip(padding, full_sizes, strict=True)
    )
    yield layer_error(
        "padding-too-large",
        f"Padding {shape_text(padding)} removes everything",
        f"From {signal.text()} the layer computes {shape_text(full_sizes)}, and the padding "
        f"removes {shape_text(padding)} on each side. Make the padding smaller.",
        (change(f"Set the padding to {shape_text(fitting)}", padding=fitting),),
        short="nothing left",
    )
