"""The input `series`: values of the layers recorded by the shown run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.plots.inputs.input_source import InputCallback, InputSource, PreparedInput
from dlstudio.gui.plots.services.shown_run import RUN_GONE
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.training.storage.runs import SERIES

_NO_SERIES = (
    "This run recorded no values of its layers, because no view needed them at the time. "
    "Press Train to start a new one."
)


class SeriesSource(InputSource):
    """Provides the values that the run has recorded so far."""

    def __init__(self, services: ViewServices, parent: QObject | None = None) -> None:
        super().__init__(services, parent)
        self._was_missing = True
        services.shown_run.changed.connect(self._on_changed)
        services.session.steps_done.connect(self._on_steps)

    @property
    def missing_text(self) -> str:
        shown_run = self.services.shown_run
        if not shown_run.folder:
            return "Press Train, then Compute."
        if _has_content(Path(shown_run.folder) / SERIES):
            return ""
        if not shown_run.exists:
            return RUN_GONE
        return "The first values appear in a moment." if shown_run.is_active else _NO_SERIES

    def request(self, callback: InputCallback, *, refresh: bool) -> None:
        del refresh
        if self.missing_text:
            self._on_changed()
        run_dir = self.services.shown_run.folder

        def prepare(_task: BackgroundTask) -> PreparedInput:
            from dlstudio.data.core.errors import DataError
            from dlstudio.insight.series.series import read_series

            series = read_series(run_dir)
            if not series.steps.size:
                raise DataError(_NO_SERIES if Path(run_dir).is_dir() else RUN_GONE)
            first, last = (format_integer(int(series.steps[index])) for index in (0, -1))
            return PreparedInput(series, f"steps {first} to {last}")

        callback(prepare)

    def cancel_request(self, callback: InputCallback) -> None:
        """Do nothing: requests are answered at once."""

    def _on_changed(self) -> None:
        self._was_missing = True
        self.changed.emit()

    def _on_steps(self, _event: object) -> None:
        """Emit `changed` when the first values have been recorded."""
        is_missing = bool(self.missing_text) if self._was_missing else False
        if is_missing != self._was_missing:
            self._was_missing = is_missing
            self.changed.emit()


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
