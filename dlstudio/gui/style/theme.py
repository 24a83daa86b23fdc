"""The table of colours and fonts, and the current theme. Imports no window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from dlstudio.gui.style.stylesheet import stylesheet as build_stylesheet
from dlstudio.resources import resource

CATEGORY_COLOURS: Mapping[str, str] = {
    "io": "#94a3b8",
    "dense": "#4aa8e0",
    "convolution": "#e69f00",
    "pooling": "#d3b90b",
    "normalisation": "#1fa37a",
    "activation": "#e0662f",
    "recurrent": "#c979b4",
    "attention": "#6b8bea",
    "merge": "#b39c7d",
    "blocks": "#9b87f5",
}
TEXT_FAMILY = "Inter"
MONO_FAMILY = "JetBrains Mono"
FONT_SIZE = 13
"""Default size of plain text in pixels at 100 %."""


@dataclass(frozen=True)
class Theme:
    """Colours by role, each as `#rrggbb`.

    Attributes:
        field: Background of input fields.
        hover: Background under the pointer.
        grid: Dots of the canvas.
        wire: Wires between cards.
        on_accent: Text on the accent colour.
        good_text: `good` with enough contrast for text.
        accent_text: `accent` with enough contrast for text.
        curves: Line colours of plots, distinguishable with any colour vision.
    """

    name: str
    canvas: str
    panel: str
    card: str
    field: str
    hover: str
    line: str
    grid: str
    wire: str
    text: str
    muted: str
    accent: str
    accent_text: str
    on_accent: str
    error: str
    warning: str
    good: str
    good_text: str
    shadow: str
    curves: tuple[str, ...] = (
        "#4aa8e0",
        "#e69f00",
        "#1fa37a",
        "#e0662f",
        "#c979b4",
        "#9b87f5",
        "#d3b90b",
    )

    @property
    def is_dark(self) -> bool:
        """Whether text is light on a dark background."""
        return self.name == "dark"

    def colour(self, role: str) -> QColor:
        """Return the colour of a role, such as `muted`."""
        return QColor(getattr(self, role))

    def category(self, name: str) -> QColor:
        """Return the colour of a layer category, `muted` for an unknown one."""
        return QColor(CATEGORY_COLOURS.get(name, self.muted))


DARK = Theme(
    name="dark",
    canvas="#12151b",
    panel="#191d25",
    card="#222834",
    field="#222834",
    hover="#2a3140",
    line="#2e3644",
    grid="#262c38",
    wire="#8f9bb0",
    text="#e7eaf0",
    muted="#8f9bb0",
    accent="#6aa5ff",
    accent_text="#6aa5ff",
    on_accent="#0b1220",
    error="#ff6b6b",
    warning="#e6b450",
    good="#4cc38a",
    good_text="#4cc38a",
    shadow="#000000",
)
LIGHT = Theme(
    name="light",
    canvas="#f6f7f9",
    panel="#ffffff",
    card="#ffffff",
    field="#f3f5f8",
    hover="#e9edf3",
    line="#d9dee6",
    grid="#dde2ea",
    wire="#7c889b",
    text="#1b2230",
    muted="#5d6a7e",
    accent="#1f6feb",
    accent_text="#1a62d6",
    on_accent="#ffffff",
    error="#c93434",
    warning="#8f6408",
    good="#1a8a57",
    good_text="#16794c",
    shadow="#5d6a7e",
)
THEMES: Mapping[str, Theme] = {"dark": DARK, "light": LIGHT}


class ThemeChanges(QObject):
    """Emits `changed` when the current theme or font size changes."""

    changed = Signal()

    @Slot()
    def follow_system(self) -> None:
        """Follow the desktop's colour scheme if the preference is `system`."""
        app = QApplication.instance()
        if _state.choice == "system" and isinstance(app, QApplication):
            theme = system_theme()
            if theme is not _state.theme:
                _apply_to_app(app, theme, _state.font_size)


@dataclass
class _ThemeState:
    theme: Theme = DARK
    font_size: int = FONT_SIZE
    choice: str = "system"
    styled: bool = False


_state = _ThemeState()
theme_changes = ThemeChanges()


def current_theme() -> Theme:
    """Return the current theme."""
    return _state.theme


def font_size() -> int:
    """Return the size of plain text in pixels."""
    return _state.font_size


def theme_choice() -> str:
    """Return the chosen theme: `system`, `light` or `dark`."""
    return _state.choice


def stylesheet(theme: Theme, size: int = FONT_SIZE) -> str:
    """Return the application's style sheet for a theme."""
    return build_stylesheet(theme, size, TEXT_FAMILY, MONO_FAMILY)


def load_fonts() -> None:
    """Register the shipped fonts with Qt; call once, after creating the QApplication."""
    for path in sorted(resource("fonts").iterdir()):
        if path.suffix in {".otf", ".ttf"}:
            QFontDatabase.addApplicationFont(str(path))


def text_font(size: int = 0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the text font at `size` pixels (0: the default size)."""
    return _font(TEXT_FAMILY, QFont.StyleHint.SansSerif, size, weight)


def mono_font(size: int = 0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the font for shapes and numbers at `size` pixels (0: one below the default)."""
    return _font(MONO_FAMILY, QFont.StyleHint.Monospace, size or font_size() - 1, weight)


def apply_theme(choice: str = "system", size: int = FONT_SIZE) -> None:
    """Apply the theme `system`, `light` or `dark` with text of `size` pixels.

    Raises:
        TypeError: There is no QApplication.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a theme needs a QApplication")
    _state.choice = choice
    hints = app.styleHints()
    hints.setColorScheme(_SCHEMES.get(choice, Qt.ColorScheme.Unknown))
    hints.colorSchemeChanged.connect(
        theme_changes.follow_system, Qt.ConnectionType.UniqueConnection
    )
    _apply_to_app(app, THEMES.get(choice) or system_theme(), size)


def system_theme() -> Theme:
    """Return the theme of the desktop's colour scheme; light if it is unknown."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def palette(theme: Theme) -> QPalette:
    """Return the QPalette for widgets that the style sheet does not reach."""
    result = QPalette()
    for role, name in _PALETTE_ROLES.items():
        result.setColor(role, theme.colour(name))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText):
        result.setColor(QPalette.ColorGroup.Disabled, role, theme.colour("muted"))
    return result


_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
_PALETTE_ROLES = {
    QPalette.ColorRole.Window: "panel",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "card",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Button: "card",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.ToolTipBase: "card",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Link: "accent_text",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Light: "card",
    QPalette.ColorRole.Dark: "line",
    QPalette.ColorRole.Shadow: "shadow",
}


def _apply_to_app(app: QApplication, theme: Theme, size: int) -> None:
    _state.theme = theme
    _state.font_size = size
    if not _state.styled:
        app.setStyle("Fusion")
        _state.styled = True
    app.setStyleSheet(
        ""
    )  # replacing one sheet by another restyles a widget once per level of nesting
    app.setPalette(palette(theme))
    app.setFont(text_font(size))
    app.setStyleSheet(stylesheet(theme, size))
    theme_changes.changed.emit()


def _font(family: str, hint: QFont.StyleHint, size: int, weight: QFont.Weight) -> QFont:
    font = QFont(family)
    font.setStyleHint(hint)
    font.setPixelSize(size or font_size())
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
