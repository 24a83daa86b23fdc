"""Chooses and draws the picture of an example: what its trained network does."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.library.examples import (
    HISTORY,
    START_SECTION,
    example_path,
    sections,
)
from dlstudio.design.library.files import load
from dlstudio.gui.style.theme import Theme
from dlstudio.insight.samples.samples import sample_network
from dlstudio.layers.registry import find
from dlstudio.network.check.inference import Checker
from dlstudio.training.loop.observer import RunView
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.specs.registry import TASKS
from tests.benchmarks.gallery.example_results import restored
from tests.benchmarks.gallery.network_pictures import (
    draw_boundary,
    draw_curves,
    draw_gradients,
    draw_neuron,
)
from tests.benchmarks.gallery.sample_pictures import draw_samples
from tests.benchmarks.gallery.sheet import LARGE, SLIM, SMALL, Sheet

FIRST = 4
"""Examples of the first section with a large picture."""
NEURON, BOUNDARY, UNITS, CURVES, GRADIENTS, SAMPLES = (
    "neuron", "boundary", "boundary and units", "curves", "gradients", "samples",
)  # fmt: skip
PARTS: Mapping[str, tuple[str, ...]] = {
    "movie-neuron": (NEURON,),
    "xor-mlp": (UNITS,),
    "xor-solved-1986": (UNITS,),
    "xor-perceptron": (BOUNDARY, CURVES),
    "underfitting": (BOUNDARY, CURVES),
    "overfitting": (BOUNDARY, CURVES),
    "breast-cancer-mlp": (CURVES,),
    "vanishing-sigmoid": (GRADIENTS,),
    "relu-he": (GRADIENTS,),
    "residual-deep": (GRADIENTS,),
    "mnist-dropout": (CURVES,),
    "mnist-deepnet": (CURVES,),
}
"""Parts of a picture from left to right, where the task does not decide."""
MOVIE_INPUTS = ("trailer, s", "review", "genre fits")
_GENERATED, _PREDICTED = 24, 160
"""Numbers of samples to choose from: few where each takes long, many to find a mistake."""
_BAR_CATEGORIES = ("dense", "convolution", "pooling", "recurrent", "attention")


def draw_example(name: str, theme: Theme) -> QImage | None:
    """Return the picture of an example; None if its data is not available."""
    if name in HISTORY:
        return _draw_layers(name, theme)
    network = restored(name)
    if network is None or network.network.view is None:
        return None
    view = network.network.view
    large = name in sections()[START_SECTION][:FIRST]
    sheet = Sheet(LARGE if large else SMALL, theme)
    task = load(example_path(name)).training.task
    parts = PARTS.get(name) or (_default_part(view, task),)
    width = sheet.rect.width() / len(parts)
    for index, part in enumerate(parts):
        rect = QRectF(index * width, 0, width, sheet.rect.height())
        _draw_part(sheet, name, view, part, rect)
    return sheet.finish()


def _default_part(view: RunView, task: str) -> str:
    samples = view.subsets["train"].inputs.get("samples")
    is_plane = samples is not None and samples.ndim == 2 and samples.shape[1] == 2
    return BOUNDARY if is_plane and task == "classification" else SAMPLES


def _draw_part(sheet: Sheet, name: str, view: RunView, part: str, rect: QRectF) -> None:
    if part == NEURON:
        draw_neuron(sheet, view, rect, MOVIE_INPUTS)
    elif part in {BOUNDARY, UNITS}:
        draw_boundary(sheet, view, rect, units=part == UNITS)
    elif part == CURVES:
        draw_curves(sheet, name, rect)
    elif part == GRADIENTS:
        draw_gradients(sheet, view, rect)
    else:
        task = TASKS[load(example_path(name)).training.task]
        count = _GENERATED if task.samplers or task.prompt else _PREDICTED
        samples = sample_network(view, SampleRequest(seed=0, count=count))
        if samples is not None:
            draw_samples(sheet, samples, rect)


def _draw_layers(name: str, theme: Theme) -> QImage:
    """Return the layers of a famous network as bars, as high as their outputs are large."""
    project = load(example_path(name))
    report = Checker().check(project, info_of(project.data))
    bars = []
    for node in report.nodes.values():
        kind = find(node.kind)
        size = max((_size(signal.shape) for signal in node.outputs.values()), default=0)
        if kind is not None and kind.category in _BAR_CATEGORIES and size:
            bars.append((theme.category(kind.category), size))
    sheet = Sheet(SLIM, theme)
    inner = sheet.rect.adjusted(11, 6, -11, -4)
    if not bars:
        return sheet.finish()
    step = inner.width() / len(bars)
    sizes = [size for _colour, size in bars]
    low, high = min(sizes), max(sizes)
    for index, (colour, size) in enumerate(bars):
        share = 1.0 if low == high else 0.22 + 0.78 * _log_share(size, low, high)
        height = inner.height() * share
        bar = QRectF(
            inner.left() + index * step, inner.center().y() - height / 2, step * 0.86, height
        )
        sheet.painter.fillRect(bar, QColor(colour))
    return sheet.finish()


def _size(shape: tuple[int, ...]) -> int:
    result = 1
    for length in shape:
        result *= length
    return result


def _log_share(size: int, low: int, high: int) -> float:
    values = torch.tensor([size, low, high], dtype=torch.float64).log()
    return float((values[0] - values[1]) / (values[2] - values[1]))
