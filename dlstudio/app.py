"""The composition root: creates the application and its window, and takes screenshots."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from dlstudio.design.library.examples import example_names
from dlstudio.design.library.files import load
from dlstudio.gui.document.preferences import CONFIG_VARIABLE, preferences
from dlstudio.gui.style.icons import icon
from dlstudio.gui.style.theme import apply_theme, load_fonts
from dlstudio.gui.window.connections import connect_signals
from dlstudio.gui.window.exception_hook import ExceptionHook
from dlstudio.gui.window.main_window import MainWindow
from dlstudio.gui.window.screenshot import (
    ScreenshotError,
    process_events,
    save_screenshot,
    select_representative_layer,
    train_and_wait,
    wait_for_check,
    wait_for_views,
)
from dlstudio.package_errors import package_errors
from dlstudio.version import VERSION

__all__ = ["ScreenshotError", "make_application", "make_window", "run_window", "screenshot"]
USAGE_ERROR = 2


def run_window(file: str | os.PathLike[str] | None = None, *, example: str | None = None) -> int:
    """Open the window and return the exit status when it is closed.

    Args:
        file: A design to open.
        example: Name of an example to open; with neither, the gallery is shown.
    """
    if not has_display():
        _print_error(
            "no display found; `dlstudio train` and `dlstudio screenshot` work without one"
        )
        return USAGE_ERROR
    if example is not None and example not in example_names():
        _print_error(f"there is no example {example!r}; choose from {', '.join(example_names())}")
        return USAGE_ERROR
    if file is not None and not Path(file).is_file():
        _print_error(f"design not found: {file}")
        return USAGE_ERROR
    app = make_application()
    window = make_window()
    hook = ExceptionHook(app)
    hook.caught.connect(window.log.add_error)
    hook.caught.connect(lambda text, _details: window.document.message.emit(text))
    window.editor.overlays.empty_hint.suppress(True)
    if file is None and example is None and preferences().show_gallery:
        window.gallery.show()
    window.show()
    window.painted.connect(lambda: _open_first_design(window, file, example))
    status = app.exec()
    hook.release()
    return status


def make_application() -> QApplication:
    """Return the themed QApplication; it is created on the first call."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        QCoreApplication.setApplicationName("dlstudio")
        QCoreApplication.setApplicationVersion(VERSION)
        app = QApplication(sys.argv[:1])
        app.setApplicationDisplayName("dlstudio")
        app.setDesktopFileName("dlstudio")
        load_fonts()
    prefs = preferences()
    apply_theme(prefs.theme, prefs.font_size)
    app.setWindowIcon(icon("dlstudio"))
    return app


def make_window() -> MainWindow:
    """Return a new window with the panel layout of the last session."""
    window = MainWindow()
    connect_signals(window)
    window.panel_layout.restore()
    for reason in package_errors():
        window.log.add_warning(f"{reason[0].upper()}{reason[1:]}")
        window.document.message.emit(
            "Part of an installed package could not be loaded; see the log"
        )
    return window


def has_display() -> bool:
    """Whether this process can show a window: Linux needs X11 or Wayland."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def screenshot(
    file: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    size: tuple[int, int] = (1440, 900),
    theme: str = "dark",
    epochs: int = 0,
    progress: Callable[[str, float | None], None] = lambda _text, _done: None,
) -> Path:
    """Save a screenshot of the real window, after `epochs` of training, and return its path.

    Select Qt's offscreen platform before the call; no other window may exist.

    Raises:
        FileError: The design cannot be read.
        ScreenshotError: The run failed, or the image cannot be written.
    """
    project, path = load(Path(file)), Path(output)
    with TemporaryDirectory() as folder, _temporary_settings(folder), _quiet_platform():
        make_application()
        apply_theme(theme)
        window = make_window()
        window.resize(*size)
        window.document.load(project, Path(file).absolute())
        window.run_controller.load_stored_weights()
        window.show()
        window.apply_default_sizes()
        try:
            window.build_plots()
            wait_for_check(window)
            select_representative_layer(window)
            if epochs:
                train_and_wait(window, epochs, progress)
            wait_for_views(window)
            process_events()
            save_screenshot(window, path)
        finally:
            window.dispose()
    return path


@contextmanager
def _quiet_platform() -> Iterator[None]:
    previous = qInstallMessageHandler(_filter_offscreen_warnings)
    try:
        yield
    finally:
        qInstallMessageHandler(previous)


def _filter_offscreen_warnings(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Print Qt's messages, except those on features that the offscreen platform lacks."""
    if not text.startswith("This plugin does not support"):
        sys.stderr.write(f"{text}\n")


@contextmanager
def _temporary_settings(folder: str) -> Iterator[None]:
    previous = os.environ.get(CONFIG_VARIABLE)
    os.environ[CONFIG_VARIABLE] = folder
    try:
        yield
    finally:
        if previous is None:
            del os.environ[CONFIG_VARIABLE]
        else:
            os.environ[CONFIG_VARIABLE] = previous


def _open_first_design(
    window: MainWindow, file: str | os.PathLike[str] | None, example: str | None
) -> None:
    try:
        if window.autosave.offer_recovery():
            return
        if file is not None:
            window.files.show_file(Path(file))
        elif example is not None:
            window.files.open_example(example)
    finally:
        window.editor.overlays.empty_hint.suppress(False)


def _print_error(text: str) -> None:
    sys.stderr.write(f"dlstudio: {text}\n")
