"""A resumed run takes over changed settings, records them, and later resumes are bit-equal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dlstudio.design.model.training_settings import EarlyStopping
from dlstudio.training.protocol.events import EpochDone, Finished, SettingChanged, Started
from dlstudio.training.storage.json_files import read_lines
from dlstudio.training.storage.run_metrics import read_metrics
from tests.training.training_designs import (
    NOISY_LAYERS,
    PLAIN_LAYERS,
    all_losses,
    all_rates,
    chain,
    change_command,
    events_of,
    run_training,
    scripted_control,
    single_event,
)

STEPS = 21
"""Steps per epoch: 1298 samples in batches of 64."""
Change = tuple[str, Mapping[str, Any]]
CHANGES: Mapping[str, Change] = {
    "batch_size": ("batch_size", {"batch_size": 200}),
    "schedule": ("schedule", {"name": "cosine", "settings": {}}),
    "loss_settings": ("loss_settings", {"settings": {"label_smoothing": 0.3}}),
    "class_weights": (
        "class_weights",
        {"class_weights": "custom", "values": {str(digit): 1.0 + digit for digit in range(10)}},
    ),
    "learning_rate": ("learning_rate", {"learning_rate": 0.01}),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("stop", [STEPS, STEPS + 4])
def test_changed_setting_takes_effect_and_resumes_bit_equal(
    name: str, stop: int, tmp_path: Path
) -> None:
    project = chain(NOISY_LAYERS, epochs=3)
    plain = all_losses(run_training(project))
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        run_training(project, scripted_control(*["step"] * stop, "stop"), run_dir=str(folder))
    events = run_training(project, run_dir=str(whole), resume=True, changes=(CHANGES[name],))
    changed = single_event(events, SettingChanged)
    assert (changed.change, changed.step) == (name, stop + 1)
    assert changed.text in [text for _, text in read_metrics(whole).changes]
    expected = all_losses(events)
    assert expected != {step: loss for step, loss in plain.items() if step > stop}
    losses: dict[int, float] = {}
    control = scripted_control(*["step"] * 3, "stop")
    options: dict[str, Any] = {"run_dir": str(parts), "resume": True}
    losses |= all_losses(run_training(project, control, changes=(CHANGES[name],), **options))
    control = scripted_control(*["step"] * 18, "stop")
    losses |= all_losses(run_training(project, control, **options))
    losses |= all_losses(run_training(project, **options))
    assert losses == expected


def test_live_and_resumed_changes_are_the_same(tmp_path: Path) -> None:
    project = chain(PLAIN_LAYERS, epochs=2)
    name, arguments = CHANGES["batch_size"]
    live = scripted_control(*["step"] * 5, change_command(name, **arguments), "resume")
    expected = all_losses(run_training(project, live))
    assert len(expected) == STEPS + 7
    stop = scripted_control(*["step"] * 5, "stop")
    losses = all_losses(run_training(project, stop, run_dir=str(tmp_path)))
    resumed = run_training(project, run_dir=str(tmp_path), resume=True, changes=(CHANGES[name],))
    assert losses | all_losses(resumed) == expected
    changed = [line for line in read_lines(tmp_path / "events.jsonl") if line["event"] == "changed"]
    assert [(line["epoch"], line["index"]) for line in changed] == [(0, 5)]


def test_batch_size_changes_again_after_epochs_of_another_length(tmp_path: Path) -> None:
    project, folder = chain(PLAIN_LAYERS, epochs=1), str(tmp_path)
    run_training(project, run_dir=folder)
    options: dict[str, Any] = {"run_dir": folder, "resume": True}
    second = run_training(project, epochs=2, changes=(CHANGES["batch_size"],), **options)
    assert single_event(second, Started).steps_per_epoch == 7
    settings = single_event(second, Started).training
    assert settings is not None
    assert settings.batch_size == 200
    back = ("batch_size", {"batch_size": 64})
    third = run_training(project, epochs=3, changes=(back,), **options)
    assert single_event(third, Started).steps_per_epoch == STEPS
    fourth = run_training(project, epochs=4, **options)
    assert single_event(fourth, Finished).step == 3 * STEPS + 7
    assert [done.step for done in events_of(fourth, EpochDone)] == [3 * STEPS + 7]


def test_new_early_stopping_ends_the_run(tmp_path: Path) -> None:
    project, folder = chain(PLAIN_LAYERS, epochs=2), str(tmp_path)
    run_training(project, run_dir=folder)
    stopping = {"enabled": True, "patience": 1, "minimum_change": 10.0}
    change = ("early_stopping", stopping)
    events = run_training(project, run_dir=folder, resume=True, epochs=9, changes=(change,))
    assert single_event(events, Finished).reason == "early-stopping"
    assert single_event(events, Finished).epochs < 9


def test_best_value_of_another_metric_is_not_compared(tmp_path: Path) -> None:
    stopping = EarlyStopping(enabled=True, patience=9)
    project = chain(PLAIN_LAYERS, epochs=2, early_stopping=stopping)
    run_training(project, run_dir=str(tmp_path))
    change = ("early_stopping", {"enabled": True, "patience": 9, "monitor": "validation_accuracy"})
    options: dict[str, Any] = {"run_dir": str(tmp_path), "resume": True, "epochs": 3}
    events = run_training(project, changes=(change,), **options)
    assert single_event(events, EpochDone).metrics["validation_accuracy"] < 1.0
    newest = max((tmp_path / "checkpoints").glob("step-*.json"))
    state = json.loads(newest.read_text())["state"]
    assert state["best_of"] == "validation_accuracy"
    assert state["best"] == single_event(events, EpochDone).metrics["validation_accuracy"]


def test_new_schedule_counts_over_the_new_span(tmp_path: Path) -> None:
    project, folder = chain(PLAIN_LAYERS, epochs=1), str(tmp_path)
    run_training(project, run_dir=folder)
    options: dict[str, Any] = {"run_dir": folder, "resume": True, "epochs": 3}
    rates = all_rates(run_training(project, changes=(CHANGES["schedule"],), **options))
    assert rates[STEPS + 1] == 1e-3
    assert rates[3 * STEPS] < 1e-5
