from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.training_settings import Optimiser
from dlstudio.gui.runs.earlier.history_loader import load_history
from dlstudio.gui.runs.run_history import RunHistory
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import (
    EpochDone,
    Finished,
    RunOptions,
    Started,
    StepsDone,
)


def test_loaded_history_equals_the_live_history(tmp_path: Path) -> None:
    project = load(example_path("xor-mlp"))
    options = RunOptions(threads=1, epochs=3, runs_dir=str(tmp_path))
    live = RunHistory()
    run_dir = ""
    for event in train(project, options):
        match event:
            case Started():
                live.record_start(event)
            case StepsDone():
                live.record_steps(event)
            case EpochDone():
                live.record_epoch(event)
            case Finished():
                run_dir = event.run_dir
    stored = load_history(run_dir)
    assert (stored.steps_per_epoch, stored.epochs, stored.step) == (
        live.steps_per_epoch, live.epochs, live.step,
    )  # fmt: skip
    assert stored.series.keys() == live.series.keys()
    for name, series in stored.series.items():
        np.testing.assert_allclose(series.y, live.series[name].y, rtol=1e-6)
        np.testing.assert_array_equal(series.x, live.series[name].x)


def test_kept_epoch_is_known_until_the_run_is_continued(tmp_path: Path) -> None:
    project = load(example_path("xor-mlp"))
    training = replace(project.training, keep_best=True, epochs=6)
    groups = (replace(training.groups[0], optimiser=Optimiser("adam", 3.0)),)
    project = replace(project, training=replace(training, groups=groups))
    folder = str(tmp_path / "run")
    events = list(train(project, RunOptions(threads=1, run_dir=folder)))
    kept = next(event.kept_epoch for event in events if isinstance(event, Finished))
    assert load_history(folder).kept_epoch == kept > 0
    resumed = train(project, RunOptions(threads=1, run_dir=folder, resume=True, epochs=8))
    assert any(isinstance(event, Started) for event in islice(resumed, 20))
    assert load_history(folder).kept_epoch == 0
    resumed.close()
