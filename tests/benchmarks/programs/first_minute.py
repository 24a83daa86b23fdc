"""Records the README's animated tour of the window as a GIF.

    python -m tests.benchmarks.programs.first_minute [OUT.gif]

Mouse and keyboard events drive the window on Qt's offscreen platform, so no desktop is needed; the
pointer is drawn on the frames. Training is real, with the waiting time shortened.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from dlstudio.app import make_application, make_window
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.gui.document.preferences import CONFIG_VARIABLE
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.style.theme import apply_theme
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.gui.window.screenshot import process_events, wait_for_check, wait_until
from tests.gui.canvas.canvas_pointer import Pointer

ROOT = Path(__file__).parents[3]
OUTPUT = ROOT / "resources" / "screenshots" / "first-minute.gif"
WINDOW_SIZE, COLOURS = (1120, 700), 200
EXAMPLE, LAYER, LOOSE_WIRE = "digits-mlp", "linear_1", ("linear_1", "relu_1")
MAX_BYTES = 3_000_000
ARROW = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12))
"""Outline of the pointer in pixels, from its tip."""


class Film:
    """Frames of one window with the pointer, and how long each is shown."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._pointer = QPoint(WINDOW_SIZE[0] // 2, WINDOW_SIZE[1] * 2 // 3)
        self.frames: list[Image.Image] = []
        self.durations: list[int] = []

    def take(self, milliseconds: int) -> None:
        """Add a frame of the window, shown for this many milliseconds."""
        QApplication.processEvents()
        image = self._window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        frame = Image.frombuffer(
            "RGB",
            (image.width(), image.height()),
            bytes(image.constBits()),
            "raw",
            "RGB",
            image.bytesPerLine(),
        )
        tip = (self._pointer.x(), self._pointer.y())
        outline = [(tip[0] + x, tip[1] + y) for x, y in ARROW]
        ImageDraw.Draw(frame).polygon(outline, fill="white", outline="black")
        self.frames.append(frame)
        self.durations.append(milliseconds)

    def move_to(self, widget: QWidget, at: QPoint) -> None:
        """Move the pointer to a point of a widget in four frames."""
        start, end = self._pointer, widget.mapTo(self._window, at)
        for step in range(1, 5):
            self._pointer = start + (end - start) * (step / 4)
            self.take(60)

    def save(self, path: Path) -> None:
        """Write the GIF with one palette for all frames."""
        width, height = self.frames[0].size
        chosen = self.frames[:: max(1, len(self.frames) // 8)]
        strip = Image.new("RGB", (width, height * len(chosen)))
        for index, frame in enumerate(chosen):
            strip.paste(frame, (0, index * height))
        palette = strip.quantize(COLOURS)
        frames = [
            frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in self.frames
        ]
        frames[0].save(
            path,
            save_all=True,
            append_images=frames[1:],
            duration=self.durations,
            loop=0,
            optimize=True,
            disposal=1,
        )


def main() -> int:
    """Record the GIF; return 1 if it is too large."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    with tempfile.TemporaryDirectory() as home:
        os.environ[CONFIG_VARIABLE] = home
        os.environ["XDG_DATA_HOME"] = home
        make_application()
        apply_theme("dark")
        window = make_window()
        window.resize(*WINDOW_SIZE)
        window.show()
        process_events(0.5)
        window.build_plots()
        window.document.load(load(example_path(EXAMPLE)), None)
        wait_for_check(window)
        film = Film(window)
        for scene in (_open, _train, _look_inside, _break_and_fix, _add_a_layer):
            scene(window, film)
        film.save(path)
        window.document.undo_stack.setClean()
        window.dispose()
    size = path.stat().st_size
    print(f"{path}: {len(film.frames)} frames, {size / 1e6:.2f} MB")
    return 0 if size <= MAX_BYTES else 1


def _open(_window: MainWindow, film: Film) -> None:
    film.take(1200)


def _train(window: MainWindow, film: Film) -> None:
    button = window.run_bar.buttons["train"]
    film.move_to(button, button.rect().center())
    film.take(400)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until(lambda: window.session.state != IDLE, 10)
    while window.session.state != IDLE:
        process_events(0.1)
        film.take(120)
    process_events(1.0)
    film.take(1400)


def _look_inside(window: MainWindow, film: Film) -> None:
    pointer = Pointer(window.editor)
    at = pointer.at(pointer.centre(LAYER))
    film.move_to(window.editor.view, at)
    QTest.mouseClick(window.editor.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0), at)
    process_events(1.5)
    film.take(2000)


def _break_and_fix(window: MainWindow, film: Film) -> None:
    pointer, context = Pointer(window.editor), window.editor.context
    view = window.editor.view
    film.move_to(view, pointer.at(pointer.wire_centre(*LOOSE_WIRE)))
    wires = context.scene.wires
    edges = {(wire.edge.source, wire.edge.target): key for key, wire in wires.items()}
    context.select_wire(edges[LOOSE_WIRE])
    film.take(500)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    wait_for_check(window)
    process_events(0.8)
    film.take(700)
    card = pointer.at(pointer.centre(LOOSE_WIRE[1]))
    film.move_to(view, card)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0), card)
    process_events(0.8)
    film.take(2200)
    fix = window.editor.overlays.problem_popup.findChildren(QPushButton)
    if fix:
        film.move_to(fix[0], fix[0].rect().center())
        film.take(300)
        QTest.mouseClick(fix[0], Qt.MouseButton.LeftButton)
    wait_for_check(window)
    process_events(0.8)
    film.take(1400)


def _add_a_layer(window: MainWindow, film: Film) -> None:
    window.editor.view.setFocus()
    window.document.set_selection({LAYER})
    QTest.keyClick(window.editor.view, Qt.Key.Key_Tab)
    process_events(0.3)
    field = window.editor.overlays.search.field
    for count in range(1, len("dropout") + 1):
        field.setText("dropout"[:count])
        process_events(0.05)
        film.take(90)
    film.take(700)
    QTest.keyClick(field, Qt.Key.Key_Return)
    wait_for_check(window)
    process_events(0.8)
    film.take(2500)


if __name__ == "__main__":
    sys.exit(main())
