"""The training settings of the first network: chosen by the studio, or taken over by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.training_settings import TrainingSettings, chosen
from dlstudio.design.model.values import Value
from dlstudio.gui.data.page.panels.panel_frame import title_row
from dlstudio.gui.data.page.side.chip_row import ChipRow
from dlstudio.gui.forms.settings_form import SettingsForm
from dlstudio.gui.widgets.basic_widgets import button, label
from dlstudio.layers.framework.settings import Setting
from dlstudio.training.metrics.early_stop_texts import automatic_stop_text
from dlstudio.training.options.training_options import LEARNING_RATE
from dlstudio.training.specs.automatic import resolve
from dlstudio.training.specs.first_network import FirstNetwork
from dlstudio.training.specs.run_settings import RUN_SETTINGS

_SETTINGS: Mapping[str, Setting] = {
    "epochs": RUN_SETTINGS["epochs"],
    "batch_size": RUN_SETTINGS["batch_size"],
    "learning_rate": LEARNING_RATE,
}


class TrainingSection(QWidget):
    """Shows epochs, batch size and learning rate, and a form for them when asked.

    Signals:
        changed: The settings were changed by hand.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices: dict[str, Any] = {}
        """Values taken over by hand; those of other settings are automatic."""
        self.change_button = button("Change", self._toggle, look="link")
        self.chips = ChipRow()
        self.form = SettingsForm(_SETTINGS)
        self.form.edited.connect(self._edit)
        self.form.hide()
        self._text = label(role="small", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addLayout(title_row("Training", self.change_button))
        column.addWidget(self.chips)
        column.addWidget(self.form)
        column.addWidget(self._text)

    def forget_choices(self) -> None:
        """Leave everything to the studio again, for other data."""
        self.choices = {}
        self._show_form(is_open=False)

    def with_choices(self, network: FirstNetwork) -> FirstNetwork:
        """Return a network with the values taken over by hand, automatic otherwise."""
        training = network.project.training
        first, *others = training.groups
        rate = self.choices.get("learning_rate")
        first = replace(first, optimiser=replace(first.optimiser, learning_rate=rate))
        training = replace(
            training,
            epochs=self.choices.get("epochs"),
            batch_size=self.choices.get("batch_size"),
            groups=(first, *others),
        )
        return replace(network, project=replace(network.project, training=training))

    def show_training(self, training: TrainingSettings | None, info: DatasetInfo) -> None:
        """Show the settings for data that was read; None if it cannot be used."""
        self.change_button.setEnabled(training is not None)
        if training is None:
            self.chips.show_chips(())
            self._text.clear()
            self._show_form(is_open=False)
            return
        resolved = resolve(training, info)
        epochs, batch = chosen(resolved.epochs), chosen(resolved.batch_size)
        optimiser = resolved.groups[0].optimiser
        rate = chosen(optimiser.learning_rate)
        titles = {
            "epochs": f"{epochs} epochs",
            "learning_rate": f"{optimiser.name.capitalize()} {rate:g}",
            "batch_size": f"batch {batch}",
        }
        self.chips.show_chips([(title, name not in self.choices) for name, title in titles.items()])
        self.form.show_values({name: self.choices.get(name) for name in _SETTINGS})
        for name, value in (("epochs", epochs), ("batch_size", batch), ("learning_rate", rate)):
            self.form.show_automatic(name, value)
        steps = math.ceil(info.samples.get("train", 0) / batch)
        stop = automatic_stop_text(resolved)
        texts = (
            f"{'Up to ' if stop else ''}{epochs} epochs of {steps:,} steps: "
            f"about {epochs * steps:,} updates.",
            f"{stop}." if stop else "",
            "Keeps the epoch with the lowest validation loss." if training.keep_best else "",
        )
        self._text.setText(" ".join(filter(None, texts)))
        self.form.editors["epochs"].setToolTip(" ".join(filter(None, texts[:2])))

    def _edit(self, name: str, value: Value) -> None:
        if value is None:
            self.choices.pop(name, None)
        else:
            self.choices[name] = value
        self.changed.emit()

    def _toggle(self) -> None:
        self._show_form(is_open=self.form.isHidden())

    def _show_form(self, *, is_open: bool) -> None:
        self.form.setVisible(is_open)
        self.chips.setHidden(is_open)
        self.change_button.setText("Done" if is_open else "Change")
