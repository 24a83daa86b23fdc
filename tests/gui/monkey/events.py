"""Random moves outside the canvas gestures: clicks, keys, drops, window sizes and themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication

from dlstudio.gui.document.preferences import Preferences, store_preferences
from tests.gui.monkey.drag_targets import find_drag_target
from tests.gui.monkey.input import MODIFIERS, NO_MODIFIER, drag_over

if TYPE_CHECKING:
    from tests.gui.monkey.monkey import Monkey

KEYS = (
    *(Qt.Key(ord(character)) for character in "ABCXYZ0123456789.-/ "),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Escape),
    *(Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Right),
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown),
)
GARBAGE = (
    "", "{", "null", '{"format": "dlstudio-clipboard"}', '{"nodes": [1]}', "x" * 4000,
    "\x00\ud7ff\x1b[31m", '{"format": "dlstudio", "version": 99}', "[" * 3000,
)  # fmt: skip


def click(monkey: Monkey) -> None:
    """Click a random point of a random widget."""
    widgets = monkey.input.visible_widgets()
    if not widgets:
        return
    widget = monkey.rng.choice(widgets)
    monkey.recorder.record_action(f"at {type(widget).__name__} {widget.accessibleName()}")
    position = monkey.input.random_point_in(widget)
    roll = monkey.rng.random()
    if roll < 0.7:
        monkey.input.click(position, keys=_modifiers(monkey))
    elif roll < 0.85:
        monkey.input.double_click(position)
    else:
        monkey.input.click(position, Qt.MouseButton.RightButton)


def drag(monkey: Monkey) -> None:
    """Drag between two random points of the window."""
    widgets = monkey.input.visible_widgets()
    if not widgets:
        return
    start, end = (monkey.input.random_point_in(monkey.rng.choice(widgets)) for _ in range(2))
    monkey.input.press(start)
    monkey.input.move((start + end) / 2)
    monkey.input.move(end)
    monkey.input.release(end)


def hover(monkey: Monkey) -> None:
    widgets = monkey.input.visible_widgets()
    if widgets:
        monkey.input.move(monkey.input.random_point_in(monkey.rng.choice(widgets)))


def type_keys(monkey: Monkey) -> None:
    for _ in range(monkey.rng.randint(1, 4)):
        monkey.input.key(monkey.rng.choice(KEYS), _modifiers(monkey))


def wheel(monkey: Monkey) -> None:
    widgets = monkey.input.visible_widgets()
    if widgets:
        delta = QPoint(0, monkey.rng.choice((-240, -120, 120, 240)))
        monkey.input.wheel(
            monkey.input.random_point_in(monkey.rng.choice(widgets)), delta, _modifiers(monkey)
        )


def open_canvas_menu(monkey: Monkey) -> None:
    view = monkey.window.editor.view
    position = view.mapToGlobal(find_drag_target(view, monkey.rng).position)
    monkey.input.click(position, Qt.MouseButton.RightButton)


def drop_file(monkey: Monkey) -> None:
    """Drop a file on the window: a design, data or garbage."""
    path, data = monkey.workspace.random_file(), QMimeData()
    monkey.recorder.record_action(f"file {path.name}")
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drag_over(monkey.window, data, [QPoint(60, 60)], drop=True)


def change_theme(monkey: Monkey) -> None:
    """Change theme and font size, also during a run."""
    theme = monkey.rng.choice(("system", "light", "dark"))
    store_preferences(Preferences(theme=theme, font_size=monkey.rng.randint(9, 28), threads=1))


def resize(monkey: Monkey) -> None:
    width, height = monkey.rng.choice(((1, 1), (300, 200), (800, 600), (1440, 900)))
    spread = monkey.rng.randint(0, 300)
    monkey.window.resize(width + spread, height + spread)


def paste_garbage(monkey: Monkey) -> None:
    """Paste text that is not a network."""
    QGuiApplication.clipboard().setText(monkey.rng.choice(GARBAGE))
    monkey.press_keys("Ctrl+V")


def _modifiers(monkey: Monkey) -> Qt.KeyboardModifier:
    return monkey.rng.choice(MODIFIERS) if monkey.rng.random() < 0.15 else NO_MODIFIER
