"""The input `pair`: the network at two steps of its run, or at one step and now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.plots.inputs.input_source import InputCallback, InputFactory, PreparedInput
from dlstudio.gui.plots.inputs.state_source import StateFactory, StateSource
from dlstudio.gui.plots.services.shown_run import RUN_GONE
from dlstudio.gui.plots.services.view_services import ViewServices
from dlstudio.gui.widgets.basic_widgets import label
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.training.storage.snapshots import (
    BEST,
    CHANGE,
    MAX_WEIGHTS,
    StoredSnapshot,
    list_snapshots,
)

if TYPE_CHECKING:
    from dlstudio.insight.common.network_state import NetworkState

_NOW = -1
_REASONS = {BEST: " · best", CHANGE: " · before a change"}
_NO_SNAPSHOTS = (
    "This run has no snapshots of its weights. None are written for networks with more than "
    f"{MAX_WEIGHTS >> 20} MiB of weights, or while the disk is full. Make the network smaller or "
    "free disk space, then press Train."
)


class PairSource(StateSource):
    """Provides the network at two moments; by default the first and the last snapshot."""

    def __init__(self, services: ViewServices, parent: QObject | None = None) -> None:
        super().__init__(services, parent)
        self._run_name = ""
        self._snapshots: dict[int, StoredSnapshot] = {}
        self._chooser = QWidget()
        self.first, self.second = QComboBox(), QComboBox()
        self._is_default = {self.first: True, self.second: True}
        self._build()
        services.shown_run.changed.connect(self.refresh)
        services.session.epoch_done.connect(self._refresh_if_visible)
        self.refresh()

    @property
    def missing_text(self) -> str:
        if text := super().missing_text:
            return text
        if self._snapshots:
            return ""
        return _NO_SNAPSHOTS if self.services.shown_run.exists else RUN_GONE

    @property
    def chooser(self) -> QWidget:
        return self._chooser

    def request(self, callback: InputCallback, *, refresh: bool) -> None:
        self.refresh()
        super().request(callback, refresh=refresh)

    def refresh(self) -> None:
        """Offer the snapshots that the run has now; a choice survives a move of its folder."""
        folder = self.services.shown_run.folder
        name = Path(folder).name
        if name != self._run_name:
            self._run_name = name
            self._is_default = dict.fromkeys(self._is_default, True)
        stored = list_snapshots(folder)
        if stored == tuple(self._snapshots.values()) and self.first.count():
            return
        self._snapshots = {snapshot.step: snapshot for snapshot in stored}
        for combo, default in ((self.first, 0), (self.second, -1)):
            self._fill(combo, default)
        self._chooser.setEnabled(bool(stored))
        self.changed.emit()

    def _build(self) -> None:
        row = QHBoxLayout(self._chooser)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for title, combo in (("From", self.first), ("to", self.second)):
            caption = label(title, "small")
            caption.setBuddy(combo)
            combo.setAccessibleName(f"{title} step")
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            combo.setToolTip(
                "Snapshots of the weights during the run, and the network as it is now"
            )
            combo.activated.connect(lambda _index, combo=combo: self._choose(combo))
            row.addWidget(caption)
            row.addWidget(combo)

    def _fill(self, combo: QComboBox, default: int) -> None:
        """Offer all moments; a choice is kept while its snapshot exists."""
        chosen = combo.currentData()
        combo.clear()
        for snapshot in self._snapshots.values():
            text = f"step {format_integer(snapshot.step)}{_REASONS.get(snapshot.reason, '')}"
            combo.addItem(text, snapshot.step)
        combo.addItem("now", _NOW)
        index = -1 if self._is_default[combo] else combo.findData(chosen)
        if index < 0:
            self._is_default[combo] = True
            index = 0 if default == 0 else max(len(self._snapshots) - 1, 0)
        combo.setCurrentIndex(index)

    def _choose(self, combo: QComboBox) -> None:
        self._is_default[combo] = False
        self.chosen.emit()

    def _refresh_if_visible(self, _event: object) -> None:
        if self._chooser.isVisible():
            self.refresh()

    def _factory(self, make_state: StateFactory) -> InputFactory:
        chosen = tuple(
            self._snapshots.get(combo.currentData()) for combo in (self.first, self.second)
        )
        age_text = self.services.network.age_text
        missing = self.missing_text

        def prepare(task: BackgroundTask) -> PreparedInput:
            from dlstudio.data.core.errors import DataError
            from dlstudio.insight.common.network_pair import NetworkPair

            if missing:
                raise DataError(missing)
            state = make_state(task)
            pair = NetworkPair(*(_state_at(state, snapshot) for snapshot in chosen))
            moments = (
                age_text(state.network.step)
                if snapshot is None
                else f"step {format_integer(snapshot.step)}"
                for snapshot in chosen
            )
            return PreparedInput(pair, " → ".join(moments))

        return prepare


def _state_at(state: NetworkState, snapshot: StoredSnapshot | None) -> NetworkState:
    """Return the network at a snapshot, or now; raises DataError if that fails."""
    from dlstudio.data.core.errors import DataError
    from dlstudio.insight.common.network_pair import state_at
    from dlstudio.network.weights.weights import WeightsError

    if snapshot is None:
        return state
    try:
        return state_at(state, snapshot)
    except WeightsError as error:
        raise DataError(f"Choose another step. {error}") from error
