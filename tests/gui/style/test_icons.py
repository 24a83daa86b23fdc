from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from dlstudio.gui.actions.action_table import ACTIONS
from dlstudio.gui.style.icons import icon
from dlstudio.resources import resource


def test_every_icon_of_the_action_table_is_drawn(qtbot: QtBot) -> None:
    for name in {action.icon for action in ACTIONS if action.icon}:
        image = icon(name).pixmap(24, 24).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), (
            f"{name} draws nothing"
        )


def test_icons_use_the_current_colour(qtbot: QtBot) -> None:
    for path in Path(resource("icons")).glob("*.svg"):
        if path.stem != "dlstudio":
            assert "currentColor" in path.read_text(encoding="utf-8"), path.name
