"""The input `state`: the network of the run, of a finished run or of an opened design."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.plots.inputs.input_source import (
    InputCallback,
    InputFactory,
    InputSource,
    PreparedInput,
)
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.runs.run_options import run_options
from dlstudio.gui.runs.trained_network import CopyFactory

if TYPE_CHECKING:
    from dlstudio.insight.common.network_state import NetworkState

StateFactory = Callable[[BackgroundTask], "NetworkState"]
"""Returns the network, called in a background thread; raises DataError if there is none."""


class StateSource(InputSource):
    """Provides copies of the shown network."""

    def __init__(self, services: ViewServices, parent: QObject | None = None) -> None:
        super().__init__(services, parent)
        self._pending: dict[InputCallback, Callable[[CopyFactory], None]] = {}
        services.network.changed.connect(self.changed)

    @property
    def missing_text(self) -> str:
        return "" if self.services.network.is_available else "Press Train, then Compute."

    def request(self, callback: InputCallback, *, refresh: bool) -> None:
        del refresh
        self.cancel_request(callback)

        def deliver(make_copy: CopyFactory) -> None:
            self._pending.pop(callback, None)
            callback(self._factory(self._state_factory(make_copy)))

        self._pending[callback] = deliver
        self.services.network.request_copy(deliver)

    def cancel_request(self, callback: InputCallback) -> None:
        deliver = self._pending.pop(callback, None)
        if deliver is not None:
            self.services.network.cancel_request(deliver)

    def _factory(self, make_state: StateFactory) -> InputFactory:
        """Return a factory of the input, made from a copy of the shown network."""
        network = self.services.network

        def prepare(task: BackgroundTask) -> PreparedInput:
            state = make_state(task)
            return PreparedInput(state, network.age_text(state.network.step))

        return prepare

    def _state_factory(self, make_copy: CopyFactory) -> StateFactory:
        paths = run_options(self.services.document, "")
        project = self.services.network.project

        def make_state(task: BackgroundTask) -> NetworkState:
            from dlstudio.data.core.errors import DataError
            from dlstudio.insight.common.network_state import NetworkState

            view = make_copy()
            if view is None or project is None:
                raise DataError("There is no trained network yet. Press Train first.")
            places = (paths.data_dir, paths.design_dir)
            return NetworkState(view, project, task.report_progress, *places)

        return make_state
