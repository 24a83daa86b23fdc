"""Problems of pooling windows and their fixes. Imports no particular kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import axes_differ, exceeds
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.layers.framework.layer_problems import (
    REMOVE,
    change,
    layer_error,
    setting_error,
    shape_text,
    wrong_dtype,
)
from dlstudio.layers.framework.sliding_window import AXES, reshape_repair, spans


@dataclass(frozen=True, slots=True)
class PoolWindow:
    """A pooling window's geometry, one number per axis it slides along."""

    kernel: Shape
    stride: Shape
    padding: Shape
    dilation: Shape
    ceil_mode: bool

    @property
    def spans(self) -> Shape:
        """Number of positions that the window covers along each axis."""
        return spans(self.kernel, self.dilation)

    def output_sizes(self, sizes: Shape) -> Shape:
        """Return the output sizes; below 1 if the window does not fit."""
        return tuple(
            self._output_size(*axis)
            for axis in zip(sizes, self.spans, self.stride, self.padding, strict=True)
        )

    def sees_only_padding(self, sizes: Shape) -> bool:
        """Whether a window's gaps span the whole input, so that it sees only padding."""
        outputs = self.output_sizes(sizes)
        axes = zip(sizes, outputs, self.stride, self.padding, self.dilation, strict=True)
        return any(
            (start - padding) % dilation >= size
            for size, count, stride, padding, dilation in axes
            for start in range(0, min(padding, count * stride), stride)
        )

    def _output_size(self, size: int, span: int, stride: int, padding: int) -> int:
        rest = size + 2 * padding - span
        if not self.ceil_mode:
            return rest // stride + 1
        count = -(-rest // stride) + 1
        # A window may hang over the end, but must not start behind the input.
        return count - 1 if (count - 1) * stride >= size + padding else count


def needs_grid(title: str, signal: Signal, axes: int, dtypes: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem unless the input has `axes` axes, with or without channels before them."""
    if len(signal.shape) not in (axes, axes + 1):
        yield layer_error(
            "wrong-rank",
            f"{title} cannot take {signal.text()}",
            f"{title} summarises {AXES[axes]}, {axes + 1} axes, but {signal.text()} has "
            f"{len(signal.shape)}. Remove it, insert a Reshape, or wire it to a layer that still "
            "has them.",
            (REMOVE, reshape_repair(signal.shape, axes)),
            short=axes_differ(len(signal.shape), axes + 1),
        )
    elif signal.dtype not in dtypes:
        yield wrong_dtype(
            title,
            signal,
            "real numbers (float32)",
            "Choose a normalisation in the data settings, or remove the layer.",
            (REMOVE,),
        )


def padding_fits(title: str, window: PoolWindow) -> Iterator[Problem]:
    """Yield a problem if a window could lie in the padding alone."""
    limits = tuple(kernel // 2 for kernel in window.kernel)
    if all(pad <= limit for pad, limit in zip(window.padding, limits, strict=True)):
        return
    fitting = tuple(min(pair) for pair in zip(window.padding, limits, strict=True))
    yield setting_error(
        f"Padding {shape_text(window.padding)} is too large",
        f"{title} allows padding of at most half its kernel, {shape_text(limits)} here, or a "
        "window would see only padding. Make the padding smaller or the kernel larger.",
        (change(f"Set the padding to {shape_text(fitting)}", padding=fitting),),
        short=exceeds(window.padding, limits),
    )


def window_fits(
    title: str, sizes: Shape, window: PoolWindow, *, must_fit: bool = False
) -> Iterator[Problem]:
    """Yield a problem if no window fits into the input.

    With `must_fit` it must fit without padding and without extending beyond the edge.
    """
    larger = any(span > size for span, size in zip(window.spans, sizes, strict=True))
    if min(window.output_sizes(sizes)) >= 1 and not (must_fit and larger):
        if window.sees_only_padding(sizes):
            yield _only_padding_problem(title, sizes, window)
        return
    fitting = tuple(
        min(kernel, max(1, (size - 1) // dilation + 1))
        for kernel, size, dilation in zip(window.kernel, sizes, window.dilation, strict=True)
    )
    changes = {"kernel_size": fitting, "padding": (0,) * len(sizes)}
    if not any(window.padding):
        del changes["padding"]
    yield layer_error(
        "kernel-too-large",
        f"The {shape_text(window.spans)} window does not fit into {shape_text(sizes)}",
        f"{title} summarises patches of {shape_text(window.spans)} positions, but the input has "
        f"only {shape_text(sizes)}. Make the kernel smaller, remove the layer, or reduce the size "
        "less in earlier layers.",
        (change(f"Set the kernel to {shape_text(fitting)}", **changes), REMOVE),
        short=exceeds(window.spans, sizes),
    )


def _only_padding_problem(title: str, sizes: Shape, window: PoolWindow) -> Problem:
    return layer_error(
        "padding-too-large",
        f"A window of {title} sees only padding",
        f"With dilation {shape_text(window.dilation)} and padding {shape_text(window.padding)}, "
        f"all positions of a window are outside the input of {shape_text(sizes)}. Reset one of the "
        "two.",
        (
            change("Set the dilation to 1", dilation=(1,) * len(sizes)),
            change("Set the padding to 0", padding=(0,) * len(sizes)),
        ),
        short="only padding",
    )
