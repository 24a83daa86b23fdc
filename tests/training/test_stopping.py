from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from dlstudio.design.data_settings import DataSettings, Split
from dlstudio.design.training_settings import EarlyStopping, Optimiser, Schedule
from dlstudio.network.weights import read_weights
from dlstudio.training.checkpoint import newest_checkpoint
from dlstudio.training.events import EpochDone, Failed, Finished
from dlstudio.training.state import LoopState
from tests.training.training_designs import PLAIN, chain, every, follow, learning, only

WILD = Optimiser("adam", 0.05)


def stopping(**settings: object) -> EarlyStopping:
    return EarlyStopping(**{"enabled": True, "patience": 2, **settings})  # type: ignore[arg-type]


def test_it_stops_and_restores_the_best_weights(tmp_path: Path) -> None:
    project = learning(chain(PLAIN, epochs=40, early_stopping=stopping()), WILD)
    events = follow(project, run_dir=str(tmp_path / "run"))
    finished = only(events, Finished)
    losses = [epoch.metrics["validation_loss"] for epoch in every(events, EpochDone)]
    assert finished.reason == "early-stopping"
    assert len(losses) < 40
    assert losses.index(min(losses)) == len(losses) - 3
    assert finished.metrics["validation_loss"] == pytest.approx(min(losses))
    checkpoint = newest_checkpoint(tmp_path / "run" / "checkpoints")
    assert checkpoint is not None
    _, best = checkpoint
    weights = read_weights(finished.weights_file)
    assert best is not None
    assert all(torch.equal(weights[name], best[name]) for name in best)


def test_the_last_weights_stay_where_that_is_wanted(tmp_path: Path) -> None:
    keep = stopping(restore_best=False)
    project = learning(chain(PLAIN, epochs=40, early_stopping=keep), WILD)
    events = follow(project)
    last = every(events, EpochDone)[-1].metrics["validation_loss"]
    assert only(events, Finished).metrics["validation_loss"] == last


def test_accuracy_is_better_when_higher() -> None:
    watching = stopping(monitor="validation_accuracy")
    project = learning(chain(PLAIN, epochs=40, early_stopping=watching), WILD)
    events = follow(project)
    accuracies = [epoch.metrics["validation_accuracy"] for epoch in every(events, EpochDone)]
    assert only(events, Finished).metrics["validation_accuracy"] == max(accuracies)


def test_small_improvements_may_not_count() -> None:
    state = LoopState()
    rule = EarlyStopping(minimum_change=0.1)
    improvements = [
        state.judge(rule, "validation_loss", value) for value in (1.0, 0.95, 0.85, float("nan"))
    ]
    assert improvements == [True, False, True, False]
    assert state.waited == 1


@pytest.mark.parametrize("what", ["early-stopping", "plateau"])
def test_without_validation_it_is_refused_with_a_remedy(what: str) -> None:
    project = chain(PLAIN)
    if what == "plateau":
        project = learning(project, None, Schedule("plateau"))
    else:
        project = replace(project, training=replace(project.training, early_stopping=stopping()))
    project = replace(project, data=DataSettings(split=Split(validation=0.0)))
    text = only(follow(project), Failed).text
    assert "validation" in text
    assert "Hold out" in text


def test_continuing_after_an_early_stop_waits_anew(tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    project = learning(chain(PLAIN, epochs=40, early_stopping=stopping()), WILD)
    done = only(follow(project, run_dir=folder), Finished).epochs
    again = only(follow(project, run_dir=folder, resume=True, epochs=done + 2), Finished)
    assert again.epochs == done + 2
