"""Shows what a network answers to samples of the data, and whether it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.parts import Part
from dlstudio.data.preview import as_pictures
from dlstudio.insight.choosing import given_rows
from dlstudio.insight.label_names import label_names
from dlstudio.insight.sample_rows import form_of
from dlstudio.insight.sample_views import (
    Line,
    Piece,
    PieceKind,
    SampleForm,
    SampleRow,
    SamplesView,
)
from dlstudio.insight.written import ARROW, steps
from dlstudio.training.objective import arguments
from dlstudio.training.observer import RunView
from dlstudio.training.sampling import SampleRequest
from dlstudio.training.tasks.multilabel import MultiLabel

SERIES = ("What was known", "What came", "Forecast")
SCATTER = "Predicted, over what is true"
WRONG = "told wrong"
_MOST_VALUES = 400
_FEATURES = 4
"""So many numbers of a row stand for it."""


def answers(view: RunView, part: Part, rows: Tensor, request: SampleRequest) -> SamplesView | None:
    """Return what the network tells of samples; None where it tells nothing of them alone.

    Args:
        view: The run.
        part: Where the samples are.
        rows: Which they are.
        request: What was asked for.
    """
    if part.target is None:
        return None
    empty = SamplesView(view.step, "texts", (), seed=request.seed)
    predicted, truth = _told(view, part, rows), part.target[rows]
    if predicted is None:
        return _by_step(view, part, rows, empty)
    names = view.facts.class_names
    if isinstance(view.objective, MultiLabel):
        labels = label_names(view, truth.shape[1])
        lines = [_labels(*pair, labels) for pair in zip(predicted > 0.5, truth > 0.5, strict=True)]
    elif names:
        best = predicted.argmax(1)
        if form_of_part(part) == "points":
            return _plane(part, rows, best, truth, replace(empty, class_names=names))
        lines = [_class(*pair, names) for pair in zip(best.tolist(), truth.tolist(), strict=True)]
    elif predicted.shape[1] == 1:
        return _scatter(view, part, request, empty)
    elif "horizon" in view.facts.numbers and part.inputs["samples"].shape[2:] == (1,):
        return _forecast(part, rows, predicted, truth, empty)
    else:
        lines = [_values(*pair) for pair in zip(predicted.tolist(), truth.tolist(), strict=True)]
    return _captioned(view, part, rows, tuple(lines), empty)


def form_of_part(part: Part) -> SampleForm:
    """Return how samples of a part are drawn."""
    raw = part.inputs.get("samples")
    return "texts" if raw is None else form_of(raw)


def _outputs(view: RunView, part: Part, rows: Tensor) -> Tensor:
    objective, main = view.objective, view.objective.main
    inputs = given_rows(view, part, rows)[0].inputs
    results = main.module(*arguments(objective.fill(main, inputs), main))
    selected = objective.pick(results if isinstance(results, tuple) else (results,))
    return selected.float().cpu()


def _told(view: RunView, part: Part, rows: Tensor) -> Tensor | None:
    classes = len(view.facts.class_names)
    outputs = [view.objective.read_out(output, classes) for output in _outputs(view, part, rows)]
    valid = [output for output in outputs if output is not None]
    return torch.stack(valid) if valid and len(valid) == len(outputs) else None


def _class(told: int, truth: int, names: Sequence[str]) -> Line:
    if told == truth:
        return Line((Piece(names[told], "right"),), True)
    return Line((Piece(names[told], "wrong", names[truth]),), False)


def _labels(told: Tensor, truth: Tensor, names: Sequence[str]) -> Line:
    spans: list[Piece] = []
    for is_predicted, is_true, name in zip(told.tolist(), truth.tolist(), names, strict=True):
        if is_predicted or is_true:
            kind: PieceKind = "missing" if not is_predicted else "right" if is_true else "wrong"
            spans.append(Piece(f"{', ' if spans else ''}{name}", kind))
    return Line(tuple(spans) or (Piece("none", "right"),), torch.equal(told, truth))


def _values(told: list[float], truth: list[float]) -> Line:
    predicted_text, true_text = (", ".join(map(_figure, row)) for row in (told, truth))
    return Line((Piece(predicted_text, "made"), Piece(f" (is {true_text})", "given")))


def _by_step(view: RunView, part: Part, rows: Tensor, empty: SamplesView) -> SamplesView | None:
    names = view.facts.class_names
    outputs, target = _outputs(view, part, rows), part.target
    if target is None or not names or outputs.ndim != 3 or target.ndim != 2:
        return None
    pairs = zip(outputs.argmax(-1), target[rows], strict=True)
    return _captioned(view, part, rows, tuple(steps(*pair, names) for pair in pairs), empty)


def _captioned(
    view: RunView, part: Part, rows: Tensor, lines: tuple[Line, ...], empty: SamplesView
) -> SamplesView:
    """Return the samples with what is told of each: below pictures and lines, behind texts."""
    raw = part.inputs.get("samples")
    if raw is None or raw.ndim not in (3, 4):
        known = _texts(view, part, rows)
        captions = [
            Line((Piece(text + ARROW, "given"), *line.pieces), line.right)
            for text, line in zip(known, lines, strict=True)
        ]
        return replace(empty, captions=tuple(captions))
    chosen = raw[rows]
    if raw.ndim == 3 and raw.shape[2] == 1:
        shown = SampleRow("Sample", np.asarray(chosen[..., 0].float().numpy(), np.float32))
        return replace(empty, form="lines", rows=(shown,), captions=lines)
    images = chosen if raw.ndim == 4 else chosen[:, None]
    row = SampleRow("Sample", as_pictures(images))
    return replace(empty, form="pictures", rows=(row,), captions=lines)


def _texts(view: RunView, part: Part, rows: Tensor) -> list[str]:
    if "tokens" in part.inputs and view.vocabulary is not None:
        return [
            view.vocabulary.decode(tokens).strip()
            for tokens in part.inputs["tokens"][rows].tolist()
        ]
    raw = part.inputs["samples"][rows].flatten(1)
    more = " …" if raw.shape[1] > _FEATURES else ""
    return [" · ".join(map(_figure, row[:_FEATURES])) + more for row in raw.tolist()]


def _figure(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _plane(
    part: Part, rows: Tensor, told: Tensor, truth: Tensor, empty: SamplesView
) -> SamplesView:
    """Return points on a plane by the class that is told, and those told wrong once more."""
    points = part.inputs["samples"][rows].float().numpy()
    indexed_names = enumerate(empty.class_names)
    shown = [SampleRow(name, points[told.numpy() == index]) for index, name in indexed_names]
    wrong = SampleRow(WRONG, points[(told != truth).numpy()])
    return replace(empty, form="points", rows=(*shown, wrong))


def _scatter(
    view: RunView, part: Part, request: SampleRequest, empty: SamplesView
) -> SamplesView | None:
    generator = torch.Generator().manual_seed(request.seed)
    rows = torch.randperm(part.rows, generator=generator)[:_MOST_VALUES]
    predicted = _told(view, part, rows)
    if predicted is None or part.target is None:
        return None
    pairs = torch.stack((part.target[rows].reshape(-1).float(), predicted.reshape(-1)), 1)
    row = SampleRow(SCATTER, np.asarray(pairs.numpy(), np.float32))
    return replace(empty, form="scatter", rows=(row,))


def _forecast(
    part: Part, rows: Tensor, told: Tensor, truth: Tensor, empty: SamplesView
) -> SamplesView:
    """Return what was known with what followed; both start where the known ends."""
    known = part.inputs["samples"][rows][..., 0].float()
    last = known[:, -1:]
    lines = (known, torch.cat((last, truth.float()), 1), torch.cat((last, told), 1))
    starts = (0, known.shape[1] - 1, known.shape[1] - 1)
    shown = tuple(
        SampleRow(title, np.asarray(values.numpy(), np.float32), start)
        for title, values, start in zip(SERIES, lines, starts, strict=True)
    )
    return replace(empty, form="lines", rows=shown, paired=True)
