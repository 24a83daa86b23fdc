"""The About dialog: version, licence and library versions."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from dlstudio.gui.actions.action_table import action_title
from dlstudio.gui.style.icons import pixmap
from dlstudio.version import VERSION

PACKAGES = ("torch", "torchvision", "PySide6-Essentials", "pyqtgraph", "networkx", "scikit-learn")
_TEXT = """
<p style="font-size: 20px"><b>dlstudio</b> {version}</p>
<p>A desktop studio for neural networks: draw a network,<br>
train it and watch what happens inside.</p>
<p>Free software under the Apache License 2.0.<br>
Fonts: Inter and JetBrains Mono, under the SIL Open Font License.</p>
<p>{parts}</p>
"""


class AboutDialog(QDialog):
    """Shows the logo and the text of `about_text`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(action_title("about"))
        logo = QLabel()
        logo.setPixmap(pixmap("dlstudio", 72, ratio=self.devicePixelRatioF()))
        self.text = QLabel(about_text())
        self.text.setTextFormat(Qt.TextFormat.RichText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.addWidget(logo)
        column.addWidget(self.text)
        column.addWidget(buttons)


def about_text() -> str:
    """Return name, version, licence and library versions as HTML."""
    packages = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    components = f"Python {platform.python_version()}, {packages}"
    return _TEXT.format(version=VERSION, parts=components)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
