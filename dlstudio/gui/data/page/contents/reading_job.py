"""The jobs that read large data for the page in another process. Imports no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from dlstudio.data.core.errors import DataError
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.data.files.tables.original_rows import OriginalRows
from dlstudio.data.files.tables.stored_rows import StoredRows, store_rows
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.page.contents.page_contents import PageContents, PageTable
from dlstudio.gui.data.page.contents.page_reading import first_rows, read_page
from dlstudio.worker.temporary_files import writing
from dlstudio.worker.value_codec import decode
from dlstudio.worker.value_files import Description, write_value

_NO_ROWS = OriginalRows((), "", "comma", np.empty(0, np.int64), np.empty(0, np.int64), {})


@dataclass(frozen=True, slots=True)
class StoredReading:
    """What was read, with the large parts in files.

    Attributes:
        contents: What the page shows; a table of a file without its rows.
        rows: The rows of that table; None for other data.
        baseline: The description of the `BaselineData`; None without a baseline.
    """

    contents: PageContents
    rows: StoredRows | None
    baseline: Description | None


def read_first(arguments: Mapping[str, Any], _progress: ProgressCallback) -> PageTable | None:
    """Read the first rows of a table.

    Args:
        arguments: `settings`, encoded, and `design_dir`.
    """
    return first_rows(_settings(arguments), arguments["design_dir"])


def read_all(arguments: Mapping[str, Any], progress: ProgressCallback) -> StoredReading:
    """Read everything that the page shows.

    Args:
        arguments: `settings`, encoded, `data_dir` and `design_dir`; `rows` and `baseline`, the
            paths of the files to write.
        progress: Called with a message and the completed share; its exceptions end the job.

    Raises:
        DataError: The data cannot be read, or the files cannot be written.
    """
    reading = read_page(
        _settings(arguments),
        data_dir=arguments["data_dir"],
        design_dir=arguments["design_dir"],
        progress=progress,
    )
    contents, baseline, rows = reading.contents, None, None
    try:
        if reading.baseline is not None:
            baseline = write_value(reading.baseline, Path(arguments["baseline"]))
        table = contents.table
        if table is not None and isinstance(table.original, OriginalRows):
            rows = _store_rows(table.original, Path(arguments["rows"]))
            contents = replace(contents, table=replace(table, original=_NO_ROWS, lines=()))
    except OSError as error:
        raise DataError(str(error)) from error
    return StoredReading(contents, rows, baseline)


def _store_rows(rows: OriginalRows, file: Path) -> StoredRows:
    with writing(file):
        return store_rows(rows, file)


def _settings(arguments: Mapping[str, Any]) -> DataSettings:
    settings = decode(arguments["settings"], {}, ("dlstudio",))
    assert isinstance(settings, DataSettings)
    return settings
