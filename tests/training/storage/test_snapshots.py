"""Snapshots of the weights during a run: which are kept, and that training is unaffected."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import pytest
import torch

from dlstudio.design.model.model import Project
from dlstudio.network.weights.weights import read_weights
from dlstudio.training.loop import snapshot_writer
from dlstudio.training.loop.pacing import Pacer
from dlstudio.training.protocol.events import Finished
from dlstudio.training.storage import snapshots
from dlstudio.training.storage.snapshots import StoredSnapshot, list_snapshots, surplus
from tests.training.generative_designs import diffusion_design
from tests.training.training_designs import (
    NOISY_LAYERS,
    all_losses,
    chain,
    change_command,
    run_training,
    scripted_control,
    single_event,
)

STEPS = 21
"""Steps of an epoch of 1298 samples in batches of 64."""


def steps_and_reasons(run_dir: Path) -> dict[int, str]:
    return {snapshot.step: snapshot.reason for snapshot in list_snapshots(run_dir)}


@pytest.fixture
def without_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a snapshot after every step."""
    monkeypatch.setattr(Pacer, "is_due", True)


def test_first_and_last_weights_are_saved(tmp_path: Path) -> None:
    run = tmp_path / "run"
    finished = single_event(run_training(chain(NOISY_LAYERS), run_dir=str(run)), Finished)
    stored = list_snapshots(run)
    assert (stored[0].step, stored[-1].step) == (0, 3 * STEPS)
    assert (stored[0].epoch, stored[-1].epoch) == (1, 3)
    last, expected = read_weights(stored[-1].path), read_weights(finished.weights_file)
    assert last.keys() == expected.keys()
    assert all(torch.equal(last[name], tensor) for name, tensor in expected.items())
    first = read_weights(stored[0].path)
    assert not torch.equal(first["linear_1.weight"], last["linear_1.weight"])


@pytest.mark.parametrize("project", [chain(NOISY_LAYERS), diffusion_design()])
@pytest.mark.usefixtures("without_pace")
def test_snapshots_do_not_change_losses(tmp_path: Path, project: Project) -> None:
    events = run_training(project, run_dir=str(tmp_path / "run"))
    assert len(list_snapshots(tmp_path / "run")) > 3
    assert all_losses(events) == all_losses(run_training(project))
    finished = single_event(events, Finished)
    assert finished.metrics == single_event(run_training(project), Finished).metrics


@pytest.mark.usefixtures("without_pace")
def test_averaged_weights_are_saved_if_they_are_evaluated(tmp_path: Path) -> None:
    finished = single_event(
        run_training(diffusion_design(), run_dir=str(tmp_path / "run")), Finished
    )
    averaged = read_weights(finished.weights_file)
    last = read_weights(list_snapshots(tmp_path / "run")[-1].path)
    assert last.keys() == averaged.keys()
    assert all(torch.equal(last[name], tensor) for name, tensor in averaged.items())


def test_weights_before_a_change_are_saved(tmp_path: Path) -> None:
    control = scripted_control(
        "step", "step", change_command("learning_rate", learning_rate=0.1), "resume"
    )
    run_training(chain(NOISY_LAYERS, epochs=1), control, run_dir=str(tmp_path / "run"))
    assert steps_and_reasons(tmp_path / "run")[2] == "change"


@pytest.mark.usefixtures("without_pace")
def test_resuming_deletes_snapshots_after_the_checkpoint(tmp_path: Path) -> None:
    run = tmp_path / "run"
    control = scripted_control(*["step"] * 5, "stop")
    run_training(chain(NOISY_LAYERS, epochs=1), control, run_dir=str(run))
    later = snapshots.snapshot_path(run, 9)
    list_snapshots(run)[-1].path.rename(later)
    events = run_training(
        chain(NOISY_LAYERS, epochs=1), scripted_control("step", "stop"), run_dir=str(run),
        resume=True,
    )  # fmt: skip
    assert single_event(events, Finished).step == 6
    assert list(steps_and_reasons(run)) == [0, 1, 2, 3, 4, 5, 6]


def test_full_disk_ends_the_snapshots_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot_writer, "write_tensors", refuse)
    with caplog.at_level(logging.WARNING):
        events = run_training(chain(NOISY_LAYERS), run_dir=str(tmp_path / "run"))
    assert single_event(events, Finished).reason == "done"
    assert list_snapshots(tmp_path / "run") == ()
    assert ["the disk is full" in record.getMessage() for record in caplog.records] == [True]


def test_large_networks_have_no_snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_writer, "MAX_WEIGHTS", 1000)
    run_training(chain(NOISY_LAYERS, epochs=1), run_dir=str(tmp_path / "run"))
    assert not (tmp_path / "run" / "snapshots").exists()


def test_missing_and_damaged_files_are_skipped(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert list_snapshots("") == list_snapshots(run) == ()
    run_training(chain(NOISY_LAYERS, epochs=1), run_dir=str(run))
    stored = list_snapshots(run)
    content = stored[-1].path.read_bytes()
    for name, broken in {"7": b"", "8": b"{}", "9": content[:-1], "x": content}.items():
        (run / "snapshots" / f"{name}.safetensors").write_bytes(broken)
    assert list_snapshots(run) == stored


def stored_snapshots(sizes: Iterable[int], reasons: dict[int, str]) -> list[StoredSnapshot]:
    return [
        StoredSnapshot(step, 1, reasons.get(step, ""), Path(str(step)), size)
        for step, size in enumerate(sizes)
    ]


def test_first_last_best_and_changed_snapshots_are_kept() -> None:
    stored = stored_snapshots([10] * 100, {13: "best", 14: "best", 50: "change", 51: "change"})
    left = {s.step for s in stored} - {s.step for s in surplus(stored, 80, 64)}
    assert len(left) == 8
    assert {0, 14, 50, 51, 99} <= left
    assert max(b - a for a, b in zip(sorted(left), sorted(left)[1:], strict=False)) < 50
    many = stored_snapshots([10] * 100, dict.fromkeys(range(100), "change") | {40: "best"})
    left = {s.step for s in many} - {s.step for s in surplus(many, 10_000, 5)}
    assert len(left) == 5
    assert {0, 40, 99} <= left
    assert list(surplus(stored_snapshots([10, 10, 10], {}), 1000, 3)) == []


def test_pacer_limits_work_by_cost_and_age() -> None:
    now = [0.0]
    pacer = Pacer(0.01, 32, lambda: now[0])
    assert pacer.is_due
    pacer.schedule(0.002)
    now[0] = 0.19
    assert not pacer.is_due
    now[0] = 3200.0
    assert pacer.is_due
    with pacer.work():
        now[0] += 0.002
    now[0] += 99.0
    assert not pacer.is_due
    now[0] += 1.1
    assert pacer.is_due
