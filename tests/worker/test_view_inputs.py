"""The inputs of views are sent to the worker unchanged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import SafetensorError

from dlstudio.insight.common.network_pair import NetworkPair, state_at
from dlstudio.insight.common.network_state import NetworkState
from dlstudio.insight.series.series import Series, read_series
from dlstudio.insight.series.series_observer import SeriesObserver
from dlstudio.insight.trace.trace_observer import TraceObserver
from dlstudio.network.weights.weights import WeightsError, read_weights, state_tensors
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.observer import RunView
from dlstudio.training.protocol.events import RunOptions, Snapshot
from dlstudio.training.storage.snapshots import StoredSnapshot, list_snapshots
from dlstudio.worker import network_files
from dlstudio.worker.value_codec import Arrays, encode
from dlstudio.worker.view_inputs import InputWriter, ViewInput, delete_files, read_input
from tests.training.training_designs import NOISY_LAYERS, PLAIN_LAYERS, chain, events_of


class LastView:
    """Keeps what a run shows."""

    name = "last"
    view: RunView

    def wants(self, step: int, epoch: int) -> bool:
        return True

    def observe(self, view: RunView) -> None:
        self.view = view


def run_inputs(run: Path, layers: Any = NOISY_LAYERS) -> tuple[NetworkState, Any, Series]:
    """Return the network of a finished run, the trace of its first step, and its series."""
    project, last, tracer = chain(layers, epochs=1), LastView(), TraceObserver()
    tracer.request()
    options = RunOptions(threads=1, run_dir=str(run))
    events = list(train(project, options, None, [last], [tracer, SeriesObserver()]))
    (trace,) = [snapshot.payload for snapshot in events_of(events, Snapshot)]
    return NetworkState(last.view, project, data_dir="data"), trace, read_series(run)


def round_trip(value: ViewInput, folder: Path) -> ViewInput:
    description = InputWriter(folder).write(value)
    read = read_input(description, lambda _text, _done: None)
    delete_files(description)
    assert not [*folder.glob("weights-*"), *folder.glob("input*")]
    return read


def save_on_full_disk(_arrays: Any, file: Path, **_options: Any) -> None:
    file.write_bytes(b"part")
    raise SafetensorError("I/O error: No space left on device (os error 28)")


def weights_of(state: NetworkState) -> dict[str, torch.Tensor]:
    return state_tensors(state.network.objective.compiled.module)


def test_inputs_survive_a_round_trip(tmp_path: Path) -> None:
    state, trace, series = run_inputs(tmp_path / "run")
    assert series.steps.size > 0
    for value in (trace, series):
        before: Arrays = {}
        after: Arrays = {}
        assert encode(round_trip(value, tmp_path), after) == encode(value, before)
        for name, array in before.items():
            np.testing.assert_array_equal(after[name], array)
    read = round_trip(state, tmp_path)
    assert isinstance(read, NetworkState)
    assert (read.project, read.data_dir) == (state.project, "data")


def test_pair_holds_the_weights_of_two_snapshots(tmp_path: Path) -> None:
    state, _, _ = run_inputs(tmp_path / "run")
    kept = {name: tensor.clone() for name, tensor in weights_of(state).items()}
    first, last = (list_snapshots(tmp_path / "run")[index] for index in (0, -1))
    pair = NetworkPair(state_at(state, first), state_at(state, last))
    read = round_trip(pair, tmp_path)
    assert isinstance(read, NetworkPair)
    for network, snapshot in ((read.first, first), (read.second, last)):
        assert (network.network.step, network.network.epoch) == (snapshot.step, snapshot.epoch)
        stored = read_weights(snapshot.path)
        assert weights_of(network).keys() == stored.keys()
        assert all(torch.equal(weights_of(network)[name], stored[name]) for name in stored)
    assert all(torch.equal(weights_of(state)[name], kept[name]) for name in kept)


def test_snapshot_of_another_network_is_refused(tmp_path: Path) -> None:
    state, _, _ = run_inputs(tmp_path / "run")
    run_inputs(tmp_path / "other", PLAIN_LAYERS)
    with pytest.raises(WeightsError, match="belongs to another network"):
        state_at(state, list_snapshots(tmp_path / "other")[0])
    gone = StoredSnapshot(3, 1, "", tmp_path / "gone.safetensors", 0)
    with pytest.raises(WeightsError, match="cannot be read"):
        state_at(state, gone)


def test_full_disk_is_named_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, trace, _ = run_inputs(tmp_path / "run")
    folder = tmp_path / "folder"
    folder.mkdir()
    writer = InputWriter(folder)
    delete_files(writer.write(state))
    copies = {
        name: replace(subset, inputs={role: raw.clone() for role, raw in subset.inputs.items()})
        for name, subset in state.network.subsets.items()
    }
    other = replace(state, network=replace(state.network, subsets=copies))
    with monkeypatch.context() as patch:
        patch.setattr(network_files, "save_file", save_on_full_disk)
        patch.setattr("safetensors.numpy.save_file", save_on_full_disk)
        for value in (other, trace):
            with pytest.raises(OSError, match=r"cannot be written to: the disk is full") as caught:
                writer.write(value)
            assert str(folder) in str(caught.value)
    assert not [*folder.iterdir()]
    description = writer.write(state)
    assert isinstance(read_input(description, lambda _text, _done: None), NetworkState)


def test_pair_of_which_one_network_was_written_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, _, _ = run_inputs(tmp_path / "run")
    writer = InputWriter(tmp_path)
    save_weights = network_files.save_weights

    def save_first(module: torch.nn.Module, path: Path) -> str:
        if path.name != "weights-1.safetensors":
            raise WeightsError("The disk is full.")
        return save_weights(module, path)

    monkeypatch.setattr(network_files, "save_weights", save_first)
    with pytest.raises(WeightsError, match="full"):
        writer.write(NetworkPair(state, state))
    assert not [*tmp_path.glob("weights-*")]
