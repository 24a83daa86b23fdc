"""What is said when Ctrl-C ends a run."""

from __future__ import annotations

import pytest

from dlstudio.cli.narrators import JsonNarrator, PeopleNarrator
from dlstudio.training.events import Progress, Started

STARTED = Started("cpu", 1, 10, {"train": 4}, 1, 4)


@pytest.mark.parametrize("make", [JsonNarrator, PeopleNarrator])
def test_a_checkpoint_is_promised_only_where_there_is_one(make, capsys):
    reporter = make()
    reporter.tell(Progress("Reading", None))
    reporter.interrupted()
    assert "before the training began" in capsys.readouterr().err
    reporter.tell(STARTED)
    reporter.interrupted()
    assert "the checkpoint is kept" in capsys.readouterr().err
