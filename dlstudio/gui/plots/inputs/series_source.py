"""The input `series`: figures of the layers that the shown run recorded."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.plots.inputs.input_source import InputCallback, InputSource, PreparedInput
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.training.storage.runs import SERIES

_NO_SERIES = (
    "This run recorded no figures of its layers: it was trained before a view needed them. "
    "Press Train for a new run."
)


class SeriesSource(InputSource):
    """Hands out what the run recorded so far."""

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
        return "The first figures appear in a moment." if shown_run.is_active else _NO_SERIES

    def request(self, callback: InputCallback, *, anew: bool) -> None:
        del anew
        run_dir = self.services.shown_run.folder

        def prepare(_task: BackgroundTask) -> PreparedInput:
            from dlstudio.data.core.errors import DataError
            from dlstudio.insight.series.series import read_series

            series = read_series(run_dir)
            if not series.steps.size:
                raise DataError(_NO_SERIES)
            first, last = (format_integer(int(series.steps[index])) for index in (0, -1))
            return PreparedInput(series, f"steps {first} to {last}")

        callback(prepare)

    def cancel_request(self, callback: InputCallback) -> None:
        """Do nothing: a request is answered at once."""

    def _on_changed(self) -> None:
        self._was_missing = True
        self.changed.emit()

    def _on_steps(self, _event: object) -> None:
        """Report that there are figures for the first time."""
        is_missing = bool(self.missing_text) if self._was_missing else False
        if is_missing != self._was_missing:
            self._was_missing = is_missing
            self.changed.emit()


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
