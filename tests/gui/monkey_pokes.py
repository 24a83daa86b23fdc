"""What a monkey does without a thought for what is there: clicks, keys, rubbish, another size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication

from dlstudio.gui.preferences import Preferences, store
from tests.gui.monkey_grips import find_grip
from tests.gui.monkey_hand import MODIFIERS, NO, drag_over

if TYPE_CHECKING:
    from tests.gui.monkey import Monkey

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
    """Click somewhere: on a random widget, or on a random point."""
    widgets = monkey.hand.seen()
    if not widgets:
        return
    widget = monkey.chance.choice(widgets)
    monkey.watch.note(f"at {type(widget).__name__} {widget.accessibleName()}")
    at = monkey.hand.point_in(widget)
    roll = monkey.chance.random()
    if roll < 0.7:
        monkey.hand.click(at, keys=_modifiers(monkey))
    elif roll < 0.85:
        monkey.hand.double_click(at)
    else:
        monkey.hand.click(at, Qt.MouseButton.RightButton)


def drag(monkey: Monkey) -> None:
    """Drag between two random points of the window."""
    widgets = monkey.hand.seen()
    if not widgets:
        return
    start, end = (monkey.hand.point_in(monkey.chance.choice(widgets)) for _ in range(2))
    monkey.hand.press(start)
    monkey.hand.move((start + end) / 2)
    monkey.hand.move(end)
    monkey.hand.release(end)


def hover(monkey: Monkey) -> None:
    widgets = monkey.hand.seen()
    if widgets:
        monkey.hand.move(monkey.hand.point_in(monkey.chance.choice(widgets)))


def type_keys(monkey: Monkey) -> None:
    for _ in range(monkey.chance.randint(1, 4)):
        monkey.hand.key(monkey.chance.choice(KEYS), _modifiers(monkey))


def wheel(monkey: Monkey) -> None:
    widgets = monkey.hand.seen()
    if widgets:
        delta = QPoint(0, monkey.chance.choice((-240, -120, 120, 240)))
        monkey.hand.wheel(
            monkey.hand.point_in(monkey.chance.choice(widgets)), delta, _modifiers(monkey)
        )


def open_canvas_menu(monkey: Monkey) -> None:
    view = monkey.window.editor.view
    at = view.mapToGlobal(find_grip(view, monkey.chance).at)
    monkey.hand.click(at, Qt.MouseButton.RightButton)


def drop_file(monkey: Monkey) -> None:
    """Drop a file on the window: a design, data, or rubbish."""
    path, data = monkey.zoo.droppable(), QMimeData()
    monkey.watch.note(f"file {path.name}")
    data.setUrls([QUrl.fromLocalFile(str(path))])
    drag_over(monkey.window, data, [QPoint(60, 60)], drop=True)


def dress(monkey: Monkey) -> None:
    """Choose another theme and size of type, also while a run goes on."""
    theme = monkey.chance.choice(("system", "light", "dark"))
    store(Preferences(theme=theme, font_size=monkey.chance.randint(9, 28), threads=1))


def resize(monkey: Monkey) -> None:
    width, height = monkey.chance.choice(((1, 1), (300, 200), (800, 600), (1440, 900)))
    spread = monkey.chance.randint(0, 300)
    monkey.window.resize(width + spread, height + spread)


def paste_garbage(monkey: Monkey) -> None:
    """Paste text that never was a network."""
    QGuiApplication.clipboard().setText(monkey.chance.choice(GARBAGE))
    monkey.press_keys("Ctrl+V")


def _modifiers(monkey: Monkey) -> Qt.KeyboardModifier:
    return monkey.chance.choice(MODIFIERS) if monkey.chance.random() < 0.15 else NO
