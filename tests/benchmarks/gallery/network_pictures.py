"""Draws what a trained network does with points: boundary, neuron, gradients, loss curves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen
from torch import Tensor, nn

from dlstudio.insight.common.eval_mode import eval_mode
from dlstudio.insight.common.sample_selection import normalised_batch, preferred_subset
from dlstudio.training.loop.observer import RunView
from dlstudio.training.storage.run_metrics import read_metrics
from dlstudio.training.tasks.core.objective import ordered_inputs
from tests.benchmarks.gallery.example_results import run_folder
from tests.benchmarks.gallery.sheet import CLASS_COLOURS, Sheet, class_colours

_GRID = 120
_MAX_POINTS = 260
_MARGIN = 0.12


def draw_boundary(sheet: Sheet, view: RunView, rect: QRectF, *, units: bool = False) -> None:
    """Draw the predicted class of each place and samples of the data.

    Args:
        units: Whether to draw where each unit of the first layer changes its sign.
    """
    points, classes = _samples(view)
    low, high = points.min(0), points.max(0)
    middle, half = (low + high) / 2, (high - low).max() / 2 * (1 + _MARGIN)
    width = half * rect.width() / rect.height()
    xs = np.linspace(middle[0] - width, middle[0] + width, _GRID)
    ys = np.linspace(middle[1] + half, middle[1] - half, _GRID // 2)
    grid = np.stack(np.meshgrid(xs, ys), -1).reshape(-1, 2).astype(np.float32)
    shares = _second_class(view, torch.from_numpy(grid)).reshape(_GRID // 2, _GRID)
    sheet.painter.save()
    sheet.painter.setClipRect(rect)
    sheet.pixels(class_colours(shares, sheet.theme.name), rect, smooth=True)

    def place(point: Sequence[float]) -> QPointF:
        x = rect.left() + (point[0] - xs[0]) / (xs[-1] - xs[0]) * rect.width()
        y = rect.top() + (ys[0] - point[1]) / (ys[0] - ys[-1]) * rect.height()
        return QPointF(float(x), float(y))

    if units:
        for start, end in _unit_lines(view, xs, ys):
            sheet.line([place(start), place(end)], sheet.theme.text, 0.8, dashed=True)
    for point, index in zip(points, classes, strict=True):
        sheet.point(place(point), int(index), 1.7 * sheet.unit)
    sheet.painter.restore()


def draw_curves(sheet: Sheet, name: str, rect: QRectF) -> None:
    """Draw the training and the validation loss of a run, and mark the best epoch."""
    metrics = read_metrics(run_folder(name)).metrics
    lines = {
        subset: metrics[f"{subset}_loss"]
        for subset in ("train", "validation", "test")
        if f"{subset}_loss" in metrics and len(metrics[f"{subset}_loss"]) > 1
    }
    inner = rect.adjusted(8, 16 * sheet.unit, -8, -15 * sheet.unit)
    values = np.concatenate([line[np.isfinite(line)] for line in lines.values()])
    low, high = min(0.0, float(values.min())), float(values.max())
    sheet.line([inner.bottomLeft(), inner.bottomRight()], sheet.theme.line, 1)
    colours = {"train": sheet.theme.curves[0], "validation": sheet.theme.curves[1]}
    align = Qt.AlignmentFlag
    for index, (subset, line) in enumerate(lines.items()):
        colour = colours.get(subset, sheet.theme.curves[1])
        xs = np.linspace(inner.left(), inner.right(), len(line))
        ys = inner.bottom() - (line - low) / (high - low) * inner.height()
        points = [QPointF(x, y) for x, y in zip(xs, ys, strict=True) if np.isfinite(y)]
        sheet.line(points, colour, 1.4 * sheet.unit)
        narrow = rect.width() < 130 * sheet.unit
        y = rect.bottom() - 15 * sheet.unit if narrow and index else rect.top() + 3
        margin = 5 if narrow else 8
        words = QRectF(rect.left() + margin, y, rect.width() - 2 * margin, 12 * sheet.unit)
        side = align.AlignLeft if index == 0 or narrow else align.AlignRight
        sheet.text(words, f"{subset} {line[-1]:.2f}", colour=colour, size=8.5, align=side)
        if subset == "validation" and int(np.nanargmin(line)) < 0.85 * len(line):
            best = int(np.nanargmin(line))
            sheet.painter.setBrush(QColor(colour))
            sheet.painter.drawEllipse(QPointF(xs[best], ys[best]), 2.4, 2.4)


def draw_gradients(sheet: Sheet, view: RunView, rect: QRectF) -> None:
    """Draw the gradient's norm in each weighted layer as bars on a logarithmic scale."""
    norms = gradient_norms(view)
    logs = np.log10(np.maximum(norms, 1e-30))
    low = min(logs.min(), logs.max() - 3) - 0.3
    inner = rect.adjusted(9, 15 * sheet.unit, -9, -14 * sheet.unit)
    step = inner.width() / len(logs)
    colour = QColor("#b69cff" if sheet.theme.is_dark else "#7446cf")
    sheet.painter.setPen(Qt.PenStyle.NoPen)
    for index, value in enumerate(logs):
        height = (value - low) / (logs.max() - low) * inner.height()
        colour.setAlphaF(0.45 + 0.55 * index / max(len(logs) - 1, 1))
        sheet.painter.setBrush(colour)
        bar = QRectF(inner.left() + index * step, inner.bottom() - height, step * 0.72, height)
        sheet.painter.drawRoundedRect(bar, 1, 1)
    align = Qt.AlignmentFlag
    head = QRectF(inner.left(), rect.top() + 3, inner.width(), 12 * sheet.unit)
    foot = QRectF(inner.left(), inner.bottom() + 1, inner.width(), 12 * sheet.unit)
    sheet.text(head, "gradient norm, log", colour=sheet.theme.muted, align=align.AlignLeft)
    sheet.text(head, _power(float(norms[-1])), align=align.AlignRight, mono=True)
    sheet.text(foot, f"layer 1: {_power(float(norms[0]))}", align=align.AlignLeft)
    sheet.text(foot, str(len(norms)), colour=sheet.theme.muted, align=align.AlignRight)


def draw_neuron(sheet: Sheet, view: RunView, rect: QRectF, names: Sequence[str]) -> None:
    """Draw how one neuron adds up its inputs for one sample, and its answer."""
    subset = preferred_subset(view)
    assert subset is not None
    batch, rows = normalised_batch(view, subset, torch.tensor([_clear_sample(view)]))
    values = batch.inputs["samples"][0].tolist()
    raw = subset.inputs["samples"][rows][0].tolist()
    layer = next(m for m in view.objective.main.module.modules() if isinstance(m, nn.Linear))
    weights, bias = layer.weight[0].tolist(), float(layer.bias[0])
    products = [value * weight for value, weight in zip(values, weights, strict=True)]
    total = sum(products) + bias
    unit, theme = sheet.unit, sheet.theme
    signs = [CLASS_COLOURS[theme.name][0], CLASS_COLOURS[theme.name][2]]
    height, left = 38 * unit * 0.78, rect.left() + 12 * unit
    centre = QPointF(rect.left() + 0.56 * rect.width(), rect.center().y())
    align = Qt.AlignmentFlag
    for index, name in enumerate(names):
        top = rect.center().y() + (index - 1.5) * (height + 9 * unit) + 4.5 * unit
        box = QRectF(left, top, 94 * unit, height)
        start = QPointF(box.right(), box.center().y())
        pen = QPen(QColor(signs[products[index] > 0]), 1 + 1.2 * min(abs(products[index]), 3))
        sheet.painter.setPen(pen)
        sheet.painter.drawLine(start, centre)
        sheet.painter.setPen(QPen(QColor(theme.line), 1))
        sheet.painter.setBrush(QColor(theme.card))
        sheet.painter.drawRoundedRect(box, 4, 4)
        upper = QRectF(box.left() + 6, box.top() + 1, box.width() - 12, height / 2)
        sheet.text(upper, name, colour=theme.muted, align=align.AlignLeft, size=8.5)
        sheet.text(upper, f"{raw[index]:.3g}", align=align.AlignRight, size=8.5)
        lower = upper.translated(0, height / 2 - 1)
        words = f"{values[index]:.2f} × {weights[index]:.2f}".replace("-", "−")
        sheet.text(lower, words, align=align.AlignLeft, size=8, mono=True)
    _draw_sum(sheet, rect, centre, (total, bias))


def gradient_norms(view: RunView) -> npt.NDArray[np.float64]:
    """Return the norm of the loss's gradient in the weights of each linear layer, in order."""
    subset = view.subsets["train"]
    batch, _rows = normalised_batch(view, subset, torch.arange(256))
    module = view.objective.compiled.module
    module.zero_grad()
    with torch.enable_grad(), eval_mode(module):
        phase = view.objective.phases(0)[0]
        result = view.objective.score(batch, phase, torch.Generator())
        result.loss.backward()
    main = view.objective.main.module
    layers = [
        main.get_submodule(str(node.target))
        for node in main.graph.nodes
        if node.op == "call_module"
    ]
    linear = [layer.weight.grad for layer in layers if isinstance(layer, nn.Linear)]
    return np.array([float(gradient.norm()) for gradient in linear if gradient is not None])


def _draw_sum(sheet: Sheet, rect: QRectF, centre: QPointF, numbers: tuple[float, float]) -> None:
    total, bias = numbers
    unit, theme = sheet.unit, sheet.theme
    radius = 17 * unit
    right = QRectF(rect.right() - 66 * unit, rect.center().y() - 34 * unit, 54 * unit, 54 * unit)
    sheet.line([centre, QPointF(right.left(), centre.y())], theme.muted, 1.2)
    sheet.painter.setPen(QPen(QColor(theme.curves[0]), 2))
    sheet.painter.setBrush(QColor(theme.card))
    sheet.painter.drawEllipse(centre, radius, radius)
    circle = QRectF(centre.x() - 2 * radius, centre.y() - radius, 4 * radius, 2 * radius)
    sheet.text(circle, f"{total:.2f}".replace("-", "−"), mono=True, size=10)
    label = QRectF(circle.left(), circle.top() - 15 * unit, circle.width(), 13 * unit)
    sheet.text(label, "sum", colour=theme.muted)
    below = QRectF(centre.x() - 8 * unit, circle.bottom() + 2 * unit, circle.width(), 13 * unit)
    words, left = f"bias {bias:.2f}".replace("-", "−"), Qt.AlignmentFlag.AlignLeft
    sheet.text(below, words, colour=theme.muted, mono=True, size=8, align=left)
    sheet.painter.setPen(QPen(QColor(theme.line), 1))
    sheet.painter.setBrush(QColor(theme.card))
    sheet.painter.drawRect(right)
    xs = np.linspace(-6, 6, 50)
    curve = [
        QPointF(right.left() + (x + 6) / 12 * right.width(), right.bottom() - y * right.height())
        for x, y in zip(xs, 1 / (1 + np.exp(-xs)), strict=True)
    ]
    sheet.line(curve, theme.curves[3], 1.6)
    share = 1 / (1 + np.exp(-total))
    at = QPointF(
        right.left() + (np.clip(total, -6, 6) + 6) / 12 * right.width(),
        right.bottom() - share * right.height(),
    )
    sheet.painter.setBrush(QColor(theme.text))
    sheet.painter.setPen(Qt.PenStyle.NoPen)
    sheet.painter.drawEllipse(at, 3 * unit, 3 * unit)
    top = QRectF(right.left() - 10, right.top() - 16 * unit, right.width() + 20, 14 * unit)
    sheet.text(top, "sigmoid", colour=theme.muted)
    answer = QRectF(right.left() - 20, right.bottom() + 3 * unit, right.width() + 40, 17 * unit)
    sheet.text(answer, f"{100 * share:.0f} % yes", size=11.5)


def _clear_sample(view: RunView) -> int:
    """Return the row of a sample of the second class that is predicted with about 85 %."""
    subset = preferred_subset(view)
    assert subset is not None
    assert subset.target is not None
    shares = _second_class(view, subset.inputs["samples"])
    shares[np.asarray(subset.target.reshape(-1)) != 1] = 9
    return int(np.abs(shares - 0.85).argmin())


def _samples(view: RunView) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    subset = view.subsets["train"]
    assert subset.target is not None
    order = torch.randperm(subset.total_samples, generator=torch.Generator().manual_seed(0))
    rows = order[:_MAX_POINTS]
    points = subset.inputs["samples"][rows].numpy().astype(np.float32)
    return points, subset.target[rows].reshape(-1).numpy().astype(np.int64)


def _second_class(view: RunView, raw: Tensor) -> npt.NDArray[np.float64]:
    """Return the predicted share (N,) of every class but the first."""
    main, objective = view.objective.main, view.objective
    inputs = {"samples": view.normaliser.apply("samples", raw)}
    with torch.no_grad(), eval_mode(objective.compiled.module):
        results = main.module(*ordered_inputs(objective.fill_inputs(main, inputs), main))
    outputs = objective.select_output(results if isinstance(results, tuple) else (results,))
    names = len(view.facts.class_names)
    shares = []
    for output in outputs.float():
        predicted = objective.to_predictions(output, names)
        assert predicted is not None
        shares.append(float(predicted[1:].sum() / predicted.sum()))
    return np.array(shares)


def _unit_lines(
    view: RunView, xs: npt.NDArray[np.float64], ys: npt.NDArray[np.float64]
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return the ends of the line on which each unit of the first layer is 0."""
    layer = next(m for m in view.objective.main.module.modules() if isinstance(m, nn.Linear))
    corners = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    with torch.no_grad():
        values = layer(view.normaliser.apply("samples", corners)).double().numpy()
    lines = []
    for origin, right, up in zip(*values, strict=True):
        a, b, c = right - origin, up - origin, origin
        if abs(b) > abs(a):
            ends = [(x, -(a * x + c) / b) for x in (xs[0], xs[-1])]
        else:
            ends = [(-(b * y + c) / a, y) for y in (ys[0], ys[-1])]
        lines.append((ends[0], ends[1]))
    return lines


def _power(value: float) -> str:
    """Return a small number as `7 · 10⁻¹⁷`, others with two digits."""
    if value >= 0.01:
        return f"{value:.2f}"
    digit, exponent = f"{value:.0e}".split("e")
    superscript = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digit} · 10{superscript}"
