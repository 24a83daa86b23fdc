"""Reads data in the background for the page. Imports torch only when it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.errors import DataError
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.data.page.contents.array_table import array_table
from dlstudio.gui.data.page.contents.page_contents import PageContents, PageTable
from dlstudio.gui.data.page.contents.table_reading import (
    page_table,
    read_first_rows,
    read_whole_table,
)

if TYPE_CHECKING:
    from dlstudio.data.core.dataset import DataSet

_MAX_POINTS = 2000
_MAX_PLANE_COLUMNS = 60


def first_rows_work(
    settings: DataSettings, design_dir: str
) -> Callable[[BackgroundTask], PageTable | None]:
    """Return a task function that reads the first rows of a table; None for other data."""

    def work(_task: BackgroundTask) -> PageTable | None:
        return read_first_rows(settings, design_dir) if _is_table(settings) else None

    return work


def read_work(
    settings: DataSettings, *, data_dir: str, design_dir: str
) -> Callable[[BackgroundTask], PageContents]:
    """Return a task function that reads everything that the page shows.

    A table that cannot be used as it is set is shown nevertheless, with the reason.
    """

    def work(task: BackgroundTask) -> PageContents:
        from dlstudio.data.load import load_data

        used = read_whole_table(settings, design_dir) if _is_table(settings) else None
        table = None if used is None else page_table(used, settings)
        try:
            dataset = load_data(
                settings,
                data_dir=data_dir,
                design_dir=design_dir,
                progress=task.report_progress,
                cancelled=task.is_cancelled,
            )
        except DataError as error:
            if table is None:
                raise
            return PageContents(settings, table, str(error))
        return _contents(settings, table, dataset)

    return work


def _is_table(settings: DataSettings) -> bool:
    source = SOURCES.get(settings.source)
    return source is not None and "columns" in source.options


def _contents(settings: DataSettings, table: PageTable | None, dataset: DataSet) -> PageContents:
    from dlstudio.data.preview import preview
    from dlstudio.data.summary import summarise

    summary = summarise(settings.source, dataset)
    table = table or array_table(dataset)
    labels = np.empty(0, np.int64)
    target = dataset.train.target
    if dataset.facts.class_names and target is not None and target.ndim == 1:
        labels = target[:_MAX_POINTS].numpy().astype(np.int64)
    return PageContents(
        settings,
        table,
        info=dataset.facts,
        summary=summary,
        preview=preview(dataset, count=60),
        dataset=dataset,
        plane=_plane(dataset, table),
        labels=labels,
        curves=_curves(dataset),
    )


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
