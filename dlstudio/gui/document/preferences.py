"""The user's preferences and the settings folder, which `DLSTUDIO_CONFIG` overrides."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, Signal

from dlstudio.gui.style.theme import FONT_SIZE, THEMES

CONFIG_VARIABLE = "DLSTUDIO_CONFIG"
MIN_FONT_SIZE, MAX_FONT_SIZE = 10, 28
_GROUP = "preferences"
_MAX_DIGITS = 9


@dataclass(frozen=True)
class Preferences:
    """The values of the preferences dialog.

    Attributes:
        theme: `system`, `light` or `dark`.
        font_size: Of plain text, in pixels.
        threads: Torch threads of a run; 0 for all cores but one.
        data_dir: Folder of downloaded data sets; empty for DLSTUDIO_DATA or the default folder.
        runs_dir: Folder for the runs of unsaved designs; empty for the default folder.
        show_gallery: Whether a start without a design shows the gallery.
    """

    theme: str = "system"
    font_size: int = FONT_SIZE
    threads: int = 0
    data_dir: str = ""
    runs_dir: str = ""
    show_gallery: bool = True

    @property
    def run_threads(self) -> int:
        """Number of torch threads for a run in the window."""
        return self.threads or max(1, (os.cpu_count() or 2) - 1)


class PreferenceChanges(QObject):
    """Emits `changed` when the stored preferences change."""

    changed = Signal(object)


preference_changes = PreferenceChanges()


def config_dir() -> Path:
    """Return the folder of the user's settings; it is created if necessary."""
    override = os.environ.get(CONFIG_VARIABLE)
    location = QStandardPaths.StandardLocation.GenericConfigLocation
    folder = (
        Path(override) if override else Path(QStandardPaths.writableLocation(location)) / "dlstudio"
    )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def settings() -> QSettings:
    """Return the user's settings file."""
    return QSettings(str(config_dir() / "dlstudio.ini"), QSettings.Format.IniFormat)


def preferences() -> Preferences:
    """Return the stored preferences.

    An unreadable value falls back to its default; a number is limited to its range.
    """
    stored = settings()
    stored.beginGroup(_GROUP)
    default = Preferences()
    theme = _text(stored.value("theme"))
    font_size = _integer(stored.value("font_size"), default.font_size)
    threads = _integer(stored.value("threads"), default.threads)
    return Preferences(
        theme=theme if theme in THEMES else default.theme,
        font_size=min(max(font_size, MIN_FONT_SIZE), MAX_FONT_SIZE),
        threads=min(threads, os.cpu_count() or 1),
        data_dir=_text(stored.value("data_dir")),
        runs_dir=_text(stored.value("runs_dir")),
        show_gallery=str(stored.value("show_gallery")).lower() != "false",
    )


def store_preferences(new_preferences: Preferences) -> None:
    """Store the preferences and emit `preference_changes.changed`."""
    stored = settings()
    stored.beginGroup(_GROUP)
    for name, value in asdict(new_preferences).items():
        stored.setValue(name, value)
    stored.endGroup()
    stored.sync()
    preference_changes.changed.emit(new_preferences)


def set_preference(name: str, value: object) -> None:
    """Store one preference that has no effect on an open window."""
    stored = settings()
    stored.setValue(f"{_GROUP}/{name}", value)
    stored.sync()


def _text(value: object) -> str:
    """Return a stored text; empty for a list or another type, which a damaged file may hold."""
    return value if isinstance(value, str) else ""


def _integer(value: object, default: int) -> int:
    """Return a stored integer that is not negative; a settings file stores it as text."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= _MAX_DIGITS else default
