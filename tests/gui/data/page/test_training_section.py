"""Training settings on the page: automatic, taken over by hand, and how long they take."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.gui.data.page.contents.network_changes import size_remark
from dlstudio.gui.data.page.data_page import DataPage
from dlstudio.training.specs.first_network import FirstNetwork, NetworkPart
from tests.gui.data.page.page_helpers import read


def test_automatic_settings_can_be_replaced(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    section = page.side.training
    assert all(automatic for _, automatic in section.chips.chips)
    section.change_button.click()
    assert section.form.isVisible()
    field = section.form.editors["epochs"].focusProxy()
    assert field is not None
    section.form.edited.emit("epochs", 7)
    section.form.edited.emit("learning_rate", 0.02)
    assert page.network is not None
    training = page.network.project.training
    assert (training.epochs, training.batch_size) == (7, None)
    assert training.groups[0].optimiser.learning_rate == 0.02
    section.change_button.click()
    assert ("7 epochs", False) in section.chips.chips
    with qtbot.waitSignal(page.read_finished, timeout=120_000):
        page.choose_use("rooms", "ignore")
    assert page.network.project.training.epochs == 7
    section.form.edited.emit("epochs", None)
    assert page.network.project.training.epochs is None


def test_choices_are_forgotten_with_other_data(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    page.side.training.form.edited.emit("epochs", 7)
    read(page, flats, qtbot)
    assert page.network is not None
    assert page.network.project.training.epochs is None


def test_duration_is_measured_and_follows_the_epochs(
    page: DataPage, flats: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.estimator.estimated, timeout=120_000) as measured:
        read(page, flats, qtbot)
    assert measured.args is not None
    assert measured.args[0] > 0
    assert page.side.foot.duration.text().startswith("about ")
    with qtbot.waitSignal(page.estimator.estimated, timeout=120_000) as longer:
        page.side.training.form.edited.emit("epochs", 5000)
    assert longer.args is not None
    assert longer.args[0] > measured.args[0]


def test_nothing_is_measured_beside_a_run(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    page.estimator.may_measure = lambda: False
    with qtbot.waitSignal(page.estimator.estimated, timeout=120_000) as measured:
        read(page, flats, qtbot)
    assert measured.args == [None]
    assert page.side.foot.duration.text() == ""


def test_another_width_is_explained(page: DataPage, flats: Path, qtbot: QtBot) -> None:
    read(page, flats, qtbot)
    network = page.network
    assert network is not None

    def sized(inputs: int, units: int) -> FirstNetwork:
        parts = (NetworkPart("input", "Input", str(inputs), ""),
                 NetworkPart("linear", "Linear", str(units), ""))  # fmt: skip
        return FirstNetwork(network.project, parts)

    assert size_remark(sized(15, 32), sized(15, 32)) == ""
    assert size_remark(None, sized(15, 32)) == ""
    remark = size_remark(sized(15, 32), sized(11, 64))
    assert remark.startswith("Now 64 units instead of 32: fewer inputs (11 instead of 15)")
    assert "more inputs" in size_remark(sized(11, 64), sized(15, 32))
