"""Generated text in the samples panel: export, prompts and masked tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.values import Ref
from dlstudio.gui.runs.session import TrainingSession
from tests.gui.plots.samples.sample_sessions import create_sessions, show_panel, train


@pytest.fixture
def next_token_session(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingSession]:
    path = tmp_path / "text.txt"
    path.write_text("abcdefgh " * 100)
    layers = (
        ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 8}),
        ("linear", {"out_features": Ref("vocabulary")}), ("output", {"role": "next token"}),
    )  # fmt: skip
    data = DataSettings("text", {"path": str(path), "window": 12})
    data = replace(data, facts=load_data(data).facts)
    yield from create_sessions("next-token", *layers, input_role="tokens", data=data)


def test_texts_are_saved_as_text_or_image(
    qtbot: QtBot,
    next_token_session: TrainingSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    panel = show_panel(qtbot, next_token_session)
    train(qtbot, next_token_session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    assert "input in grey" in panel.heading.toolTip()
    calls = []

    def choose_path(*args: object) -> tuple[str, str]:
        calls.append(args)
        return str(path), "Text (*.txt)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose_path)
    path = tmp_path / "written"
    panel.save_button.click()
    assert calls[0][2:] == ("samples.txt", "Text (*.txt);;Image (*.png)")
    assert panel.view is not None
    texts = (tmp_path / "written.txt").read_text(encoding="utf-8")
    assert all(line.text in texts for line in panel.view.captions)
    path = tmp_path / "written.png"
    panel.save_button.click()
    assert QImage(str(path)).width() == 1600
    path = tmp_path / "written.pdf"
    with qtbot.waitSignal(panel.save_failed) as signal:
        panel.save_button.click()
    assert "can be saved as .txt or .png" in signal.args[0]
    assert not path.exists()


def test_prompt_is_continued_and_unknown_characters_are_reported(
    qtbot: QtBot, next_token_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, next_token_session)
    assert panel.prompt.isHidden()
    train(qtbot, next_token_session, panel)
    qtbot.waitUntil(lambda: not panel.is_busy, timeout=10_000)
    qtbot.keyClicks(panel.prompt.field, "bad")
    qtbot.keyClick(panel.prompt.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view.captions[0].text.startswith("bad"), timeout=10_000)
    qtbot.keyClicks(panel.prompt.field, "?")
    panel.prompt.submit_button.click()
    qtbot.waitUntil(panel.error_label.isVisible, timeout=10_000)
    assert panel.error_label.text().startswith("“?” is not among the 9 characters")
    assert panel.view.captions[0].text.startswith("bad")
    qtbot.keyClick(panel.prompt.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not panel.view.captions[0].text.startswith("bad"), timeout=10_000)
    assert panel.prompt.field.text() == ""
    assert panel.error_label.isHidden()


@pytest.fixture
def masked_token_session(qtbot: QtBot, tmp_path: Path) -> Iterator[TrainingSession]:
    path = tmp_path / "text.txt"
    path.write_text("abcdefgh " * 100)
    layers = (
        ("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 8}),
        ("linear", {"out_features": Ref("vocabulary")}), ("output", {"role": "next token"}),
    )  # fmt: skip
    data = DataSettings("text", {"path": str(path), "window": 12})
    data = replace(data, facts=load_data(data).facts)
    yield from create_sessions("masked-token", *layers, input_role="tokens", data=data, share=0.3)


def test_correct_masked_tokens_are_counted(
    qtbot: QtBot, masked_token_session: TrainingSession
) -> None:
    panel = show_panel(qtbot, masked_token_session)
    train(qtbot, masked_token_session, panel)
    assert panel.view is not None
    spans = [span for line in panel.view.captions for span in line.spans]
    wrong = sum(span.kind == "wrong" for span in spans)
    right = sum(len(span.text) for span in spans if span.kind == "right")
    assert wrong > 0
    assert panel.heading.toolTip().startswith(f"{right} of {right + wrong} masked tokens right · ")
    assert {line.is_correct for line in panel.view.captions} == {None}
