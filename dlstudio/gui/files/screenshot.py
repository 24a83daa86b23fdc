"""Saves a picture of the window where the user wants it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.gui.prompts.prompts import IMAGE_FILTER, Prompts
from dlstudio.gui.style.png import png_bytes


def save_screenshot(window: QWidget, prompts: Prompts, proposal: Path) -> None:
    """Ask for a path and save a PNG picture of the window."""
    image = window.grab()
    path = prompts.choose_save_path("Save as image", str(proposal), IMAGE_FILTER)
    if path is None:
        return
    path = path.with_suffix(".png")
    try:
        path.write_bytes(png_bytes(image.toImage()))
    except OSError as error:
        reason = f"{path} cannot be written: {file_error_reason(error)}."
        prompts.show_message("The image could not be saved.", reason)
