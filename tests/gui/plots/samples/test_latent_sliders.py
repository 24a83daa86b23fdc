"""Interpolation and the latent sliders of the samples panel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dlstudio.gui.forms.setting_editors import ChoiceEditor, TextEditor
from dlstudio.gui.plots.samples.samples_panel import SamplesPanel
from dlstudio.gui.runs.session import TrainingSession
from tests.gui.plots.samples.sample_sessions import create_sessions, show_panel, train


@pytest.fixture
def bottleneck_session(qtbot: QtBot) -> Iterator[TrainingSession]:
    yield from create_sessions(
        "reconstruction",
        ("flatten", {}), ("linear", {"out_features": 3}), ("linear", {"out_features": 64}),
        ("reshape", {"shape": (1, 8, 8)}), ("output", {"role": "reconstruction"}),
    )  # fmt: skip


def test_interpolation_continues_from_its_end(
    qtbot: QtBot, bottleneck_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, bottleneck_session)
    train(qtbot, bottleneck_session, panel)
    qtbot.mouseClick(panel.options, Qt.MouseButton.LeftButton)
    assert panel.options.form is not None
    sampler = panel.options.form.editors["sampler"]
    assert isinstance(sampler, ChoiceEditor)
    qtbot.keyClick(sampler.combo, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: panel.view.rows[0].title == "From 0 to 1", timeout=10_000)
    end = panel.options.form.editors["end"]
    assert isinstance(end, TextEditor)
    end.field.selectAll()
    qtbot.keyClicks(end.field, "5")
    qtbot.keyClick(end.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view.rows[0].title == "From 0 to 5", timeout=10_000)
    panel.options.popover.close()
    panel.next_button.click()
    qtbot.waitUntil(lambda: panel.view.rows[0].title == "From 5 to 6", timeout=10_000)
    assert end.field.text() == "6"


def open_latent(qtbot: QtBot, session: TrainingSession, panel: SamplesPanel) -> None:
    train(qtbot, session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    qtbot.mouseClick(panel.latent_button, Qt.MouseButton.LeftButton)


def test_latent_slider_is_decoded_at_once_and_can_be_reset(
    qtbot: QtBot, bottleneck_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, bottleneck_session)
    open_latent(qtbot, bottleneck_session, panel)
    qtbot.waitUntil(panel.sliders.isVisible, timeout=10_000)
    assert panel.view is not None
    before = panel.view
    assert before.latent is not None
    assert [slider.isVisible() for slider in panel.sliders.sliders] == [True] * 3
    axis = int(before.latent.order[0])
    assert panel.sliders.sliders[0].accessibleName() == f"Latent dimension {axis}"
    panel.sliders.sliders[0].setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(panel.sliders.sliders[0], key)
    qtbot.waitUntil(lambda: panel.view is not before and not panel.is_busy, timeout=10_000)
    moved = panel.view.latent
    assert moved is not None
    assert moved.position[axis] == pytest.approx(moved.high[axis])
    others = [index for index in range(3) if index != axis]
    np.testing.assert_allclose(moved.position[others], before.latent.position[others], rtol=1e-6)
    panel.sliders.reset_button.click()
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert panel.view.latent is not None
    np.testing.assert_array_equal(panel.view.latent.position, before.latent.position)
    panel.latent_button.click()
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert panel.sliders.isHidden()


@pytest.fixture
def pointwise_session(qtbot: QtBot) -> Iterator[TrainingSession]:
    layers = (("conv2d", {"out_channels": 1, "kernel_size": (1, 1)}),)
    yield from create_sessions("reconstruction", *layers, ("output", {"role": "reconstruction"}))


def test_missing_latent_space_is_reported_and_the_samples_stay(
    qtbot: QtBot, pointwise_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, pointwise_session)
    open_latent(qtbot, pointwise_session, panel)
    qtbot.waitUntil(panel.error_label.isVisible, timeout=10_000)
    assert "no bottleneck" in panel.error_label.text()
    assert not panel.latent_button.isChecked()
    assert panel.view is not None
    panel.next_button.click()
    qtbot.waitUntil(lambda: panel.view.seed == 1, timeout=10_000)
    assert panel.error_label.isHidden()
