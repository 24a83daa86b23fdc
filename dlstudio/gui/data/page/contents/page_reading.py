"""Reads data for the page, in a thread or in another process. Imports torch late, and no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.errors import Cancelled, DataError
from dlstudio.data.core.progress import (
    IsCancelled,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
)
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.page.contents.array_table import array_table
from dlstudio.gui.data.page.contents.condensing import condense
from dlstudio.gui.data.page.contents.page_contents import PageContents, PageTable
from dlstudio.gui.data.page.contents.sound_outlines import sound_outlines
from dlstudio.gui.data.page.contents.table_reading import (
    page_table,
    read_first_rows,
    read_whole_table,
)
from dlstudio.training.metrics.linear_baseline import BaselineData, baseline_data

if TYPE_CHECKING:
    from dlstudio.data.core.dataset import DataSet
    from dlstudio.data.preview import Preview

_MAX_POINTS = 2000
_MAX_PLANE_COLUMNS = 60
_SAMPLES = 60


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read.

    Attributes:
        contents: What the page shows.
        baseline: What the baseline is computed from; None if there is none.
    """

    contents: PageContents
    baseline: BaselineData | None = None


def first_rows(settings: DataSettings, design_dir: str) -> PageTable | None:
    """Return the first rows of a table; None for other data."""
    return read_first_rows(settings, design_dir) if _is_table(settings) else None


def read_page(
    settings: DataSettings,
    *,
    data_dir: str = "",
    design_dir: str = "",
    progress: ProgressCallback = ignore_progress,
    cancelled: IsCancelled = never_cancelled,
) -> PageReading:
    """Read everything that the page shows.

    A table that cannot be used as it is set is shown nevertheless, with the reason.

    Raises:
        DataError: The data cannot be read.
        Cancelled: `cancelled` returned True.
    """
    from dlstudio.data.load import load_data

    def report(text: str, done: float | None) -> None:
        if cancelled():
            raise Cancelled
        progress(text, done)

    used = read_whole_table(settings, design_dir, report) if _is_table(settings) else None
    table = None if used is None else page_table(used, settings)
    try:
        dataset = load_data(
            settings,
            data_dir=data_dir,
            design_dir=design_dir,
            progress=report,
            cancelled=cancelled,
        )
    except DataError as error:
        if table is None:
            raise
        return PageReading(PageContents(settings, table, str(error)))
    return PageReading(_contents(settings, table, dataset, design_dir), baseline_data(dataset))


def _is_table(settings: DataSettings) -> bool:
    source = SOURCES.get(settings.source)
    return source is not None and "columns" in source.options


def _contents(
    settings: DataSettings, table: PageTable | None, dataset: DataSet, design_dir: str
) -> PageContents:
    from dlstudio.data.preview import choose_samples, preview
    from dlstudio.data.summary import summarise

    summary = summarise(settings.source, dataset)
    summary = replace(summary, left_out=condense(summary.left_out))
    is_table = table is not None
    table = table or array_table(dataset)
    shown = preview(dataset, count=_SAMPLES)
    samples = choose_samples(dataset.train, _SAMPLES)
    outlines, durations = sound_outlines(settings, design_dir, dataset, samples)
    labels = np.empty(0, np.int64)
    target = dataset.train.target
    if dataset.facts.class_names and target is not None and target.ndim == 1:
        labels = target[:_MAX_POINTS].numpy().astype(np.int64)
    return PageContents(
        settings,
        table,
        info=dataset.facts,
        summary=summary,
        preview=_targets_only(shown) if is_table else shown,
        own_subsets=tuple(sorted(dataset.own_subsets)),
        plane=_plane(dataset, table),
        labels=labels,
        curves=_curves(dataset),
        outlines=outlines,
        durations=durations,
    )


def _targets_only(shown: Preview) -> Preview:
    """Return the preview of a table without its samples, which the table itself shows."""
    nothing = np.empty(0)
    return replace(
        shown, rows=np.empty((0, 0), np.float32), cells=(), cell_names=(),
        minimum=nothing, maximum=nothing, mean=nothing,
    )  # fmt: skip


def _curves(dataset: DataSet) -> npt.NDArray[np.float32]:
    raw = dataset.train.inputs.get("samples")
    if raw is None or raw.ndim != 3:
        return np.empty((0, 0), np.float32)
    curves: npt.NDArray[np.float32] = raw[:: max(len(raw) // 60, 1)][:60, :, 0].float().numpy()
    return curves


def _plane(dataset: DataSet, table: PageTable | None) -> dict[str, npt.NDArray[np.float32]]:
    """Return the values of the first numeric inputs and of a numeric target by name."""
    raw = dataset.train.inputs.get("samples")
    if raw is None or raw.ndim != 2:
        return {}
    names = dataset.columns or tuple(f"x{index}" for index in range(raw.shape[1]))
    numeric = None if table is None else {c.name for c in table.columns if c.use == "number"}
    plane = {}
    for index, name in enumerate(names):
        if numeric is None or name in numeric:
            plane[name] = raw[:_MAX_POINTS, index].float().numpy()
        if len(plane) == _MAX_PLANE_COLUMNS:
            break
    target = dataset.train.target
    if target is not None and target.is_floating_point() and target.ndim == 1:
        plane[(dataset.target_names or ("target",))[0]] = target[:_MAX_POINTS].float().numpy()
    return plane
