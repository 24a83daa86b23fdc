"""The message when Ctrl-C ends a run."""

from __future__ import annotations

import pytest

from dlstudio.cli.output.reporters import ConsoleReporter, JsonReporter
from dlstudio.training.protocol.events import ProgressUpdate, Started

STARTED = Started("cpu", 1, 10, {"train": 4}, 1, 4)


@pytest.mark.parametrize("reporter_type", [JsonReporter, ConsoleReporter])
def test_checkpoint_is_mentioned_only_after_training_started(reporter_type, capsys):
    reporter = reporter_type()
    reporter.report(ProgressUpdate("Reading", None))
    reporter.report_interrupted()
    assert "before training started" in capsys.readouterr().err
    reporter.report(STARTED)
    reporter.report_interrupted()
    assert "the checkpoint is kept" in capsys.readouterr().err
