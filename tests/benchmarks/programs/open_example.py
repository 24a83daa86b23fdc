"""Opens an example in a new window, presses Train, and prints the seconds until shapes and loss.

python open_example.py EXAMPLE [--check]

With --check, the report that ships with the example is ignored, as for an own design.
"""

from __future__ import annotations

import json
import sys
import time

from dlstudio.app import make_application, make_window
from dlstudio.gui.runs.session import IDLE
from dlstudio.gui.window.screenshot import wait_until
from dlstudio.training.readiness import stored_reports


def main(example: str) -> None:
    """Open, train until the first loss, and print the measurements."""
    application = make_application()
    window = make_window()
    times: dict[str, float] = {}

    def note(name: str) -> None:
        times.setdefault(name, time.perf_counter())

    def note_shapes() -> None:
        if window.document.report.nodes:
            note("shapes")

    def open_and_train() -> None:
        note("opened")
        window.files.open_example(example)
        note("train")
        window.session.train()

    window.document.report_changed.connect(note_shapes)
    window.session.steps_done.connect(lambda _event: note("loss"))
    window.painted.connect(open_and_train)
    window.show()
    wait_until(lambda: "loss" in times, 300)
    window.session.stop()
    wait_until(lambda: window.session.state == IDLE, 60)
    seconds = {
        "shapes": times["shapes"] - times["opened"],
        "loss": times["loss"] - times["train"],
    }
    print(json.dumps(seconds), flush=True)
    window.dispose()
    application.quit()


if __name__ == "__main__":
    if "--check" in sys.argv:
        stored_reports.stored_report = lambda _project: None
    main(sys.argv[1])
