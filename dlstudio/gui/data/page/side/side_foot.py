"""The buttons below the right side: train, open, apply, and how long training will take."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from dlstudio.gui.widgets.basic_widgets import ElidedLabel, button, label
from dlstudio.gui.widgets.number_format import format_about


class SideFoot(QFrame):
    """Starts what the page proposes.

    Signals:
        train_requested, open_requested: Open the design with the first network, and train it.
        apply_requested: Use the settings in the open design.
    """

    train_requested = Signal()
    open_requested = Signal()
    apply_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "foot")
        self.train_button = button(
            "Train a first network", self.train_requested.emit, look="primary", icon_name="play"
        )
        self.train_button.setMinimumHeight(44)
        self.open_button = button(
            "Open the design without training", self.open_requested.emit, look="link"
        )
        self.apply_button = button("", self.apply_requested.emit)
        self.apply_button.hide()
        self.reason = label(role="warning", wrap=True)
        self.reason.hide()
        self.duration = ElidedLabel("small")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 12)
        column.setSpacing(8)
        column.addWidget(self.reason)
        column.addWidget(self.train_button)
        row = QHBoxLayout()
        row.addWidget(self.open_button)
        row.addStretch(1)
        row.addWidget(self.duration)
        column.addLayout(row)
        column.addWidget(self.apply_button)

    def enable(self, is_ready: bool) -> None:
        """Enable the buttons, if the data can be used."""
        for widget in (self.train_button, self.open_button, self.apply_button):
            widget.setEnabled(is_ready)

    def show_apply(self, title: str) -> None:
        """Offer to use the settings in the open design; an empty title hides the button."""
        self.apply_button.setText(title)
        self.apply_button.setVisible(bool(title))

    def show_obstacle(self, text: str) -> None:
        """Show why the buttons wait; empty if they do not."""
        self.reason.setText(text)
        self.reason.setVisible(bool(text))

    def show_duration(self, seconds: float | None) -> None:
        """Show how long training is likely to take; nothing while it is unknown."""
        if seconds is None:
            self.duration.set_texts("")
            return
        about = f"about {format_about(seconds)}"
        self.duration.set_texts(f"{about} on this computer", about)
