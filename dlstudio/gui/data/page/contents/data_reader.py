"""Reads data for the page, large data in another process, where baselines are fitted, too.

Parsing a large table in a thread would hold Python's lock for so long that the window waits.
Imports no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from dlstudio.data.core.data_paths import resolve_data_path
from dlstudio.data.core.errors import Cancelled, DataError
from dlstudio.data.core.progress import (
    IsCancelled,
    ProgressCallback,
    ignore_progress,
    never_cancelled,
)
from dlstudio.data.files.tables.stored_rows import FileRows
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.data.page.contents.page_contents import PageContents, PageTable
from dlstudio.gui.data.page.contents.page_reading import first_rows, read_page
from dlstudio.training.metrics.linear_baseline import Baseline, BaselineData
from dlstudio.worker.client import Worker, WorkError
from dlstudio.worker.value_codec import encode
from dlstudio.worker.value_files import Description, write_value

_JOBS = "dlstudio.gui.data.page.contents.reading_job"
_BASELINE_JOB = "dlstudio.worker.baseline_job.fit_baseline"
_BASELINE_FILE = "baseline.safetensors"
_LARGE_BYTES = 4 << 20
"""Size of a file from which on reading takes longer than starting a process."""
_UNPACKED = 5
"""How many times larger a compressed table is once it is unpacked."""


@dataclass(frozen=True, slots=True)
class ReadData:
    """What was read.

    Attributes:
        contents: What the page shows.
        baseline: What the baseline is fitted on, or the description of a file with it; None if
            there is no baseline.
    """

    contents: PageContents
    baseline: BaselineData | Description | None = None


class DataReader:
    """Reads for one page. Its methods block: call them from background threads."""

    def __init__(self, data_dir: str = "", large_bytes: int = _LARGE_BYTES) -> None:
        """Read downloads from `data_dir`; files above `large_bytes` are read in a process."""
        self.worker = Worker()
        self._data_dir = data_dir
        self._large_bytes = large_bytes
        self._numbers = count()
        self._is_closed = False

    def read_first_rows(
        self,
        settings: DataSettings,
        design_dir: str,
        is_cancelled: IsCancelled = never_cancelled,
    ) -> PageTable | None:
        """Return the first rows of a table; None for other data.

        Raises:
            DataError: The file cannot be read.
            Cancelled: `is_cancelled` returned True.
        """
        if not self._is_large(settings, design_dir):
            return first_rows(settings, design_dir)
        arguments = {"settings": encode(settings, {}), "design_dir": design_dir}
        table = self._run("read_first", arguments, is_cancelled=is_cancelled)
        assert table is None or isinstance(table, PageTable)
        return table

    def read(
        self,
        settings: DataSettings,
        design_dir: str,
        progress: ProgressCallback = ignore_progress,
        is_cancelled: IsCancelled = never_cancelled,
    ) -> ReadData:
        """Read everything that the page shows.

        Raises:
            DataError: The data cannot be read.
            Cancelled: `is_cancelled` returned True.
        """
        if not self._is_large(settings, design_dir):
            reading = read_page(
                settings,
                data_dir=self._data_dir,
                design_dir=design_dir,
                progress=progress,
                cancelled=is_cancelled,
            )
            return ReadData(reading.contents, reading.baseline)
        rows = self.worker.folder / f"rows-{next(self._numbers)}.txt"
        arguments = {
            "settings": encode(settings, {}),
            "data_dir": self._data_dir,
            "design_dir": design_dir,
            "rows": str(rows),
            "baseline": str(self.worker.folder / _BASELINE_FILE),
        }
        import numpy.ma  # noqa: F401 - else the first `np.unique` imports it in the window's thread

        try:
            stored = self._run("read_all", arguments, progress, is_cancelled)
            contents: PageContents = replace(stored.contents, settings=settings)
            if contents.table is not None and stored.rows is not None:
                original = FileRows(stored.rows)
                table = replace(contents.table, original=original, lines=original.lines)
                contents = replace(contents, table=table)
        except BaseException:
            rows.unlink(missing_ok=True)
            raise
        return ReadData(contents, stored.baseline)

    def fit_baseline(
        self, data: BaselineData | Description, is_cancelled: IsCancelled = never_cancelled
    ) -> Baseline:
        """Return what simple models reach; a file that was described is deleted.

        Raises:
            DataError: The models cannot be fitted.
            Cancelled: `is_cancelled` returned True.
        """
        file = self.worker.folder / _BASELINE_FILE
        with self.worker.reserved(is_cancelled):
            self._refuse_if_closed()
            try:
                if isinstance(data, BaselineData):
                    data = write_value(data, file)
                baseline = self.worker.run(_BASELINE_JOB, {"data": data}, is_cancelled=is_cancelled)
            except WorkError as error:
                raise _data_error(error) from error
            finally:
                file.unlink(missing_ok=True)
        assert isinstance(baseline, Baseline)
        return baseline

    def close(self) -> None:
        """Stop the process and remove its files; nothing can be read afterwards."""
        self._is_closed = True
        self.worker.close()

    def _is_large(self, settings: DataSettings, design_dir: str) -> bool:
        source = SOURCES.get(settings.source)
        if source is None or source.path is None or source.path.is_folder:
            return False
        try:
            path = resolve_data_path(str(settings.options.get("path") or ""), design_dir)
            size = path.stat().st_size
        except (DataError, OSError):
            return False
        factor = _UNPACKED if path.suffix.lower() == ".gz" else 1
        return size * factor > self._large_bytes

    def _run(
        self,
        job: str,
        arguments: dict[str, Any],
        progress: ProgressCallback = ignore_progress,
        is_cancelled: IsCancelled = never_cancelled,
    ) -> Any:
        with self.worker.reserved(is_cancelled):
            self._refuse_if_closed()
            try:
                return self.worker.run(
                    f"{_JOBS}.{job}", arguments, progress=progress, is_cancelled=is_cancelled
                )
            except WorkError as error:
                raise _data_error(error) from error

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise Cancelled


def _data_error(error: WorkError) -> DataError:
    """Return an error as reading in this process would raise it."""
    data_error = DataError(str(error))
    if error.details:
        data_error.add_note(error.details)
    return data_error
