"""No text of the window is cut or elided when an example is opened."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from dlstudio.gui.actions.action_table import TABS
from dlstudio.gui.canvas.scene.note_size import note_text_height
from dlstudio.gui.style.theme import apply_theme
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, ShrinkingButton
from dlstudio.gui.window.main_window import MainWindow
from tests.gui.gui_fixtures import wait_until_checked

MAY_SHORTEN = ("title_label.py", "recent_designs.py")
"""Where a name that a person chose is shown in a bar of its own, with a tool tip."""
EXAMPLES = ("digits-mlp", "gan-ring", "vae-digits", "forecast-lstm", "breast-cancer-mlp")


@pytest.fixture
def elided_texts(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Collect each text that is elided, with the file that does it."""
    texts: set[str] = set()
    for metrics in (QFontMetrics, QFontMetricsF):
        monkeypatch.setattr(metrics, "elidedText", recording(metrics.elidedText, texts))
    return texts


def recording(elide: Callable[..., str], texts: set[str]) -> Callable[..., str]:
    def record(*arguments: object) -> str:
        result = elide(*arguments)
        if result != arguments[1]:
            files = [frame.filename for frame in traceback.extract_stack()]
            if not any(file.endswith(MAY_SHORTEN) for file in files):
                place = [file for file in files if "dlstudio/gui" in file][-1]
                texts.add(f"{arguments[1]!r} became {result!r} in {place}")
        return result

    return record


def clipped_widgets(window: QWidget) -> Iterator[str]:
    """Yield the texts of visible labels and buttons that are smaller than their texts."""
    for widget in window.findChildren(QWidget):
        text = widget.text() if isinstance(widget, (QLabel, QPushButton, QCheckBox)) else ""
        if not text or not widget.isVisible() or isinstance(widget, (ElidedLabel, ShrinkingButton)):
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            if widget.heightForWidth(widget.width()) > widget.height() + 2:
                yield f"{text!r} in {widget.width()} × {widget.height()}"
        elif widget.width() < widget.sizeHint().width() - 1:
            yield f"{text!r} in {widget.width()} pixels"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_no_text_is_cut(
    window: MainWindow, qtbot: QtBot, elided_texts: set[str], size: tuple[int, int], theme: str
) -> None:
    apply_theme(theme)
    window.resize(*size)
    window.apply_default_sizes()
    chosen = EXAMPLES if theme == "light" else EXAMPLES[:2]
    for name in chosen:
        window.files.open_example(name)
        wait_until_checked(window, qtbot)
        first_of_kind = {
            node.kind: node.id for node in window.document.project.graph.nodes.values()
        }
        for tab in TABS:
            window.bottom.show_tab(tab)
            window.grab()
            qtbot.waitUntil(lambda: not list(clipped_widgets(window)))
        for node_id in list(first_of_kind.values())[:5]:
            window.document.set_selection({node_id})
            window.grab()
            qtbot.waitUntil(lambda: not list(clipped_widgets(window)))
        window.document.set_selection(set())
    assert not elided_texts


def test_a_note_is_never_lower_than_its_text(window: MainWindow) -> None:
    long_text = "A sentence of several words.\n" * 8
    assert note_text_height(long_text, 200.0) > 8 * 12
    assert note_text_height("", 200.0) == 0
    assert note_text_height("unbreakable" * 20, 100.0) > 5 * 12
