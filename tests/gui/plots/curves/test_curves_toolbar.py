from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dlstudio.gui.plots.curves.chart import ChartSettings
from dlstudio.gui.plots.curves.curves_toolbar import CurvesToolbar


@pytest.fixture
def settings() -> ChartSettings:
    return ChartSettings()


@pytest.fixture
def toolbar(settings: ChartSettings, qtbot: QtBot) -> Iterator[CurvesToolbar]:
    """Return a toolbar in a parent widget, so that it can shrink to its minimum width."""
    host = QWidget()
    qtbot.addWidget(host)
    result = CurvesToolbar(settings)
    result.setParent(host)
    host.show()
    result.show()
    yield result
    result.setParent(None)


def test_controls_hide_their_text_in_a_narrow_toolbar(toolbar: CurvesToolbar, qtbot: QtBot) -> None:
    minimum = toolbar.minimumSizeHint().width()
    row = (
        toolbar.view_button,
        toolbar.smoothing,
        toolbar.by_epoch,
        toolbar.logarithmic,
        toolbar.fit_button,
        toolbar.export_button,
    )

    def all_fit() -> bool:
        is_cut = any(control.width() < control.minimumSizeHint().width() for control in row)
        return not is_cut and toolbar.export_button.geometry().right() == toolbar.width() - 1

    for width, has_text in ((878, True), (minimum, False), (478, True)):
        toolbar.resize(width, 30)
        qtbot.waitUntil(all_fit)
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        assert (toolbar.view_button.toolButtonStyle() == beside) is has_text
        assert toolbar.minimumSizeHint().width() == minimum


def test_controls_change_the_settings_before_their_signal(
    toolbar: CurvesToolbar, settings: ChartSettings
) -> None:
    emitted: list[object] = []
    toolbar.axes_changed.connect(lambda: emitted.append((settings.by_epoch, settings.logarithmic)))
    toolbar.smoothing_changed.connect(lambda: emitted.append(settings.smoothing))
    toolbar.view_changed.connect(lambda: emitted.append(settings.view))
    toolbar.by_epoch.click()
    toolbar.logarithmic.click()
    toolbar.smoothing.setValue(25)
    toolbar.view_button.menu().actions()[1].trigger()
    assert emitted == [(False, False), (False, True), 0.25, settings.view]
    assert settings.view != ChartSettings().view


def test_readout_reserves_space_for_its_shortest_text(toolbar: CurvesToolbar) -> None:
    toolbar.show_readout("Earlier run, yesterday", "Earlier")
    width = toolbar.readout.fontMetrics().horizontalAdvance("Earlier")
    assert toolbar.readout.minimumWidth() == width
    toolbar.show_readout("")
    assert toolbar.readout.minimumWidth() == 0
