"""Predictions of a network for samples of the data, compared with the targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.core.dataset import Subset
from dlstudio.data.preview import to_images
from dlstudio.insight.common.label_names import label_names
from dlstudio.insight.common.original_cells import TableRows, format_value, plane_axes
from dlstudio.insight.common.sample_selection import normalised_batch
from dlstudio.insight.samples.sample_rows import sample_form
from dlstudio.insight.samples.sample_views import (
    SampleForm,
    SampleRow,
    SamplesView,
    SpanKind,
    TokenLine,
    TokenSpan,
)
from dlstudio.insight.samples.table_lines import MAX_COLUMNS, cells_text
from dlstudio.insight.samples.token_marking import ARROW, mark_steps
from dlstudio.training.loop.observer import RunView
from dlstudio.training.options.sampling import SampleRequest
from dlstudio.training.tasks.core.objective import ordered_inputs
from dlstudio.training.tasks.supervised.multilabel import MultiLabel

SERIES = ("Past", "Actual", "Forecast")
SCATTER = "Predicted over actual value"
WRONG = "misclassified"
_MAX_VALUES = 400


def predictions(
    view: RunView, subset: Subset, rows: Tensor, request: SampleRequest
) -> SamplesView | None:
    """Return the predictions for some samples of a subset.

    None if the subset has no target, or the outputs are neither predictions per sample nor scores
    per step.

    Args:
        view: The network and its data.
        subset: The subset of the samples.
        rows: Indices of the samples (N,).
        request: Supplies the seed.
    """
    if subset.target is None:
        return None
    empty = SamplesView(view.step, "texts", (), seed=request.seed)
    predicted, truth = _predict(view, subset, rows), subset.target[rows]
    if predicted is None:
        return _step_predictions(view, subset, rows, empty)
    names = view.facts.class_names
    if isinstance(view.objective, MultiLabel):
        labels = label_names(view, truth.shape[1])
        lines = [
            _label_line(*pair, labels) for pair in zip(predicted > 0.5, truth > 0.5, strict=True)
        ]
    elif names:
        best = predicted.argmax(1)
        if subset_form(subset) == "points":
            empty = replace(empty, class_names=names, axes=plane_axes(view))
            return _points_by_class(subset, rows, best, truth, empty)
        lines = [
            _class_line(*pair, names) for pair in zip(best.tolist(), truth.tolist(), strict=True)
        ]
    elif predicted.shape[1] == 1:
        return _scatter(view, subset, request, empty)
    elif "horizon" in view.facts.numbers and subset.inputs["samples"].shape[2:] == (1,):
        return _forecast(subset, rows, predicted, truth, empty)
    else:
        values = zip(predicted.tolist(), truth.tolist(), strict=True)
        lines = [_value_line(*pair, view.target_names) for pair in values]
    return _with_captions(view, subset, rows, tuple(lines), empty)


def subset_form(subset: Subset) -> SampleForm:
    """Return how the samples of a subset are drawn."""
    raw = subset.inputs.get("samples")
    return "texts" if raw is None else sample_form(raw)


def _outputs(view: RunView, subset: Subset, rows: Tensor) -> Tensor:
    objective, main = view.objective, view.objective.main
    inputs = normalised_batch(view, subset, rows)[0].inputs
    results = main.module(*ordered_inputs(objective.fill_inputs(main, inputs), main))
    selected = objective.select_output(results if isinstance(results, tuple) else (results,))
    return selected.float().cpu()


def _predict(view: RunView, subset: Subset, rows: Tensor) -> Tensor | None:
    classes = len(view.facts.class_names)
    outputs = [
        view.objective.to_predictions(output, classes) for output in _outputs(view, subset, rows)
    ]
    valid = [output for output in outputs if output is not None]
    return torch.stack(valid) if valid and len(valid) == len(outputs) else None


def _class_line(predicted: int, truth: int, names: Sequence[str]) -> TokenLine:
    if predicted == truth:
        return TokenLine((TokenSpan(names[predicted], "right"),), True)
    return TokenLine((TokenSpan(names[predicted], "wrong", names[truth]),), False)


def _label_line(predicted: Tensor, truth: Tensor, names: Sequence[str]) -> TokenLine:
    spans: list[TokenSpan] = []
    for is_predicted, is_true, name in zip(predicted.tolist(), truth.tolist(), names, strict=True):
        if is_predicted or is_true:
            kind: SpanKind = "missing" if not is_predicted else "right" if is_true else "wrong"
            spans.append(TokenSpan(f"{', ' if spans else ''}{name}", kind))
    return TokenLine(tuple(spans) or (TokenSpan("none", "right"),), torch.equal(predicted, truth))


def _value_line(predicted: list[float], truth: list[float], names: Sequence[str]) -> TokenLine:
    predicted_text, true_text = (_values_text(values, names) for values in (predicted, truth))
    return TokenLine(
        (TokenSpan(predicted_text, "made"), TokenSpan(f" (true {true_text})", "given"))
    )


def _values_text(values: Sequence[float], names: Sequence[str]) -> str:
    """Return several values, under their names if they have any."""
    titles = [f"{name} " for name in names] if len(names) == len(values) else [""] * len(values)
    pairs = zip(titles, values, strict=True)
    return ", ".join(f"{title}{format_value(value)}" for title, value in pairs)


def _step_predictions(
    view: RunView, subset: Subset, rows: Tensor, empty: SamplesView
) -> SamplesView | None:
    names = view.facts.class_names
    outputs, target = _outputs(view, subset, rows), subset.target
    if target is None or not names or outputs.ndim != 3 or target.ndim != 2:
        return None
    pairs = zip(outputs.argmax(-1), target[rows], strict=True)
    return _with_captions(
        view, subset, rows, tuple(mark_steps(*pair, names) for pair in pairs), empty
    )


def _with_captions(
    view: RunView, subset: Subset, rows: Tensor, lines: tuple[TokenLine, ...], empty: SamplesView
) -> SamplesView:
    """Add captions to samples: below images and lines, after texts."""
    raw = subset.inputs.get("samples")
    if raw is None or raw.ndim not in (3, 4):
        known = _sample_texts(view, subset, rows)
        captions = [
            TokenLine((TokenSpan(text + ARROW, "given"), *line.spans), line.is_correct)
            for text, line in zip(known, lines, strict=True)
        ]
        return replace(empty, captions=tuple(captions))
    chosen = raw[rows]
    if raw.ndim == 3 and raw.shape[2] == 1:
        shown = SampleRow("Sample", np.asarray(chosen[..., 0].float().numpy(), np.float32))
        return replace(empty, form="lines", rows=(shown,), captions=lines)
    images = chosen if raw.ndim == 4 else chosen[:, None]
    row = SampleRow("Sample", to_images(images))
    return replace(empty, form="pictures", rows=(row,), captions=lines)


def _sample_texts(view: RunView, subset: Subset, rows: Tensor) -> list[str]:
    if "tokens" in subset.inputs and view.vocabulary is not None:
        return [
            view.vocabulary.decode(tokens).strip()
            for tokens in subset.inputs["tokens"][rows].tolist()
        ]
    raw = subset.inputs["samples"]
    table = TableRows.of(view, raw)
    if table is not None:
        return [cells_text(table.original(subset, row)) for row in rows.tolist()]
    features = raw[rows].flatten(1)
    more = " …" if features.shape[1] > MAX_COLUMNS else ""
    return [" · ".join(map(format_value, row[:MAX_COLUMNS])) + more for row in features.tolist()]


def _points_by_class(
    subset: Subset, rows: Tensor, predicted: Tensor, truth: Tensor, empty: SamplesView
) -> SamplesView:
    """Group points by predicted class; a last row repeats the misclassified ones."""
    points = subset.inputs["samples"][rows].float().numpy()
    indexed_names = enumerate(empty.class_names)
    shown = [SampleRow(name, points[predicted.numpy() == index]) for index, name in indexed_names]
    wrong = SampleRow(WRONG, points[(predicted != truth).numpy()])
    return replace(empty, form="points", rows=(*shown, wrong))


def _scatter(
    view: RunView, subset: Subset, request: SampleRequest, empty: SamplesView
) -> SamplesView | None:
    generator = torch.Generator().manual_seed(request.seed)
    rows = torch.randperm(subset.total_samples, generator=generator)[:_MAX_VALUES]
    predicted = _predict(view, subset, rows)
    if predicted is None or subset.target is None:
        return None
    pairs = torch.stack((subset.target[rows].reshape(-1).float(), predicted.reshape(-1)), 1)
    row = SampleRow(SCATTER, np.asarray(pairs.numpy(), np.float32))
    return replace(empty, form="scatter", rows=(row,))


def _forecast(
    subset: Subset, rows: Tensor, predicted: Tensor, truth: Tensor, empty: SamplesView
) -> SamplesView:
    """Return the past with the actual and predicted future, which start at its last step."""
    known = subset.inputs["samples"][rows][..., 0].float()
    last = known[:, -1:]
    lines = (known, torch.cat((last, truth.float()), 1), torch.cat((last, predicted), 1))
    starts = (0, known.shape[1] - 1, known.shape[1] - 1)
    shown = tuple(
        SampleRow(title, np.asarray(values.numpy(), np.float32), start)
        for title, values, start in zip(SERIES, lines, starts, strict=True)
    )
    return replace(empty, form="lines", rows=shown, paired=True)
