"""What is said when Ctrl-C ends a run."""

from __future__ import annotations

import pytest

from dlstudio.cli.narrators import JsonNarrator, PeopleNarrator
from dlstudio.training.events import Progress, Started

STARTED = Started("cpu", 1, 10, {"train": 4}, 1, 4)


@pytest.mark.parametrize("make", [JsonNarrator, PeopleNarrator])
def test_a_checkpoint_is_promised_only_where_there_is_one(make, capsys):
    narrator = make()
    narrator.tell(Progress("Reading", None))
    narrator.interrupted()
    assert "before the training began" in capsys.readouterr().err
    narrator.tell(STARTED)
    narrator.interrupted()
    assert "the checkpoint is kept" in capsys.readouterr().err
