from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LAZY_MODULES = ("numpy", "torch", "torchvision", "pyqtgraph", "networkx", "sklearn")
PROGRAM = """
import json, sys
from dlstudio import app
application = app.make_application()
window = app.make_window()
if len(sys.argv) > 1:
    window.files.open_example(sys.argv[1])
window.painted.disconnect(window.build_plots)

def painted():
    print(json.dumps(sorted(sys.modules)))
    window.dispose()
    application.quit()

window.painted.connect(painted)
window.show()
application.exec()
"""


def run_program(program: str, arguments: tuple[str, ...], folder: Path) -> list[Any]:
    """Run a program in a subprocess and return the JSON that it prints."""
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "DLSTUDIO_CONFIG": str(folder / "config"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    output: list[Any] = json.loads(result.stdout)
    return output


@pytest.mark.parametrize("arguments", [(), ("digits-cnn",)], ids=["empty", "example"])
def test_first_paint_imports_neither_torch_nor_plots(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    loaded = set(run_program(PROGRAM, arguments, tmp_path))
    assert "dlstudio.gui.window.main_window" in loaded
    assert not loaded & set(LAZY_MODULES)


PAINTED = """
import json, sys
from PySide6.QtCore import QEvent, QObject
from dlstudio import app
application = app.make_application()
window = app.make_window()

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            window.removeEventFilter(self)
            print(json.dumps(sorted(sys.modules)))
            window.painted.disconnect(window.build_plots)
            window.painted.connect(finish)
        return False

def finish():
    from dlstudio.gui.inspector.network_page import NetworkPage

    assert window.inspector.findChild(NetworkPage) is not None
    window.dispose()
    application.quit()

watcher = FirstPaint()
window.installEventFilter(watcher)
window.show()
application.exec()
"""


def test_forms_and_worker_are_imported_after_the_first_paint(tmp_path: Path) -> None:
    loaded = set(run_program(PAINTED, (), tmp_path))
    late = {"dlstudio.gui.inspector.pages", "dlstudio.gui.forms.settings_form", "subprocess"}
    assert not loaded & late
    assert not [name for name in loaded if name.startswith(("dlstudio.worker", "pyqtgraph"))]


GALLERY = """
import json, sys
from PySide6.QtCore import QCoreApplication, QTimer
from dlstudio import app
from dlstudio.gui.document.preferences import set_preference
make_window, records = app.make_window, []

def make_recording_window():
    window = make_window()
    window.painted.disconnect(window.build_plots)
    hint = window.editor.overlays.empty_hint

    def record():
        records.append([window.gallery.is_shown, hint.isVisible()])

    def finish():
        record()
        window.gallery.leave()
        record()
        print(json.dumps([records, modules]))
        window.dispose()
        QCoreApplication.exit()

    window.painted.connect(record)
    window.painted.connect(lambda: modules.extend(sorted(sys.modules)))
    window.painted.connect(lambda: QTimer.singleShot(100, finish))
    return window

modules = []
app.make_window = make_recording_window
if sys.argv[1:] == ["hidden"]:
    set_preference("show_gallery", False)
sys.exit(app.run_window(example="digits-cnn" if sys.argv[1:] == ["example"] else None))
"""


@pytest.mark.parametrize(
    ("argument", "records"),
    [
        ("example", [[False, False], [False, False], [False, False]]),
        ("gallery", [[True, False], [True, True], [False, True]]),
        ("hidden", [[False, False], [False, True], [False, True]]),
    ],
)
def test_first_paint_shows_the_gallery_unless_a_design_is_named(
    argument: str, records: list[list[bool]], tmp_path: Path
) -> None:
    recorded, modules = run_program(GALLERY, (argument,), tmp_path)
    assert recorded == records
    assert not set(modules) & set(LAZY_MODULES)


def test_missing_display_is_reported_on_one_line(tmp_path: Path) -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    if not sys.platform.startswith("linux"):
        pytest.skip("other platforms always have a display")
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from dlstudio.app import run_window; sys.exit(run_window(None))",
        ],
        env={**environment, "DLSTUDIO_CONFIG": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "display" in result.stderr


def test_missing_plugin_layers_are_logged(qtbot: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from dlstudio import app

    reason = "cannot load layers of a package: tiny: no such file"
    monkeypatch.setattr(app, "package_errors", lambda: (reason,))
    window = app.make_window()
    try:
        assert "Cannot load layers of a package: tiny: no such file" in window.log.text()
    finally:
        window.dispose()
