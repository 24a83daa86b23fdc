"""A run goes on only where its own design stays open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dlstudio.gui.prompts.prompts import Answer, Prompts


@pytest.mark.parametrize("closing", [True, False])
def test_only_a_window_that_closes_can_wait_for_the_run(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, *, closing: bool
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    prompts, offered = Prompts(parent), list[Answer]()

    def ask(_text: str, _details: str, choices: Sequence[tuple[str, Answer, Any]]) -> Answer:
        offered.extend(answer for _, answer, _ in choices)
        return Answer.CANCEL

    monkeypatch.setattr(prompts, "_ask", ask)
    assert prompts.confirm_stop_training(closing=closing) is Answer.CANCEL
    finish = [Answer.CONTINUE] if closing else []
    assert offered == [Answer.STOP, *finish, Answer.CANCEL]
