"""The texts of a card at every zoom level."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from dlstudio.gui.canvas.model.card_content import CardContent, CardStatus
from dlstudio.gui.canvas.paint.canvas_style import current_style
from dlstudio.gui.canvas.paint.card_text import layout_card_text
from dlstudio.gui.canvas.scene.geometry import PLAIN_HEIGHT


def test_long_reason_on_a_card_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    style = current_style()
    reason = "linear_1 is not connected to an Output"
    content = CardContent("Linear", "", "dense", reason, "", CardStatus.ERROR)
    texts = layout_card_text(content, style, style.text_level(1.0, 1.0), PLAIN_HEIGHT)
    shown = texts[-1][0].text()
    assert shown.endswith("…")
    assert reason.startswith(shown.removesuffix("…"))
