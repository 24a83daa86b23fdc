"""Views computed in a worker equal those computed in this process; networks are sent as files."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dlstudio.data.load import load_data
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.entry_points import resolve_target
from dlstudio.insight.common.network_state import NetworkState
from dlstudio.insight.views.registry import VIEWS
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.loop.observer import RunView
from dlstudio.training.tasks.registry import create_objective
from dlstudio.worker.client import WorkError
from dlstudio.worker.network_files import NetworkWriter, read_network
from dlstudio.worker.value_codec import Arrays, encode
from dlstudio.worker.view_worker import ViewWorker

CPU = torch.device("cpu")


@cache
def example_state(name: str) -> NetworkState:
    """Return an example's network with weights other than the initial ones."""
    project: Project = load(example_path(name))
    data = load_data(project.data, download=False)
    compiled = compile_design(project, data.facts)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in compiled.module.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape, generator=generator))
    view = RunView(
        create_objective(project.training, compiled),
        data.subsets,
        data.normaliser,
        data.facts,
        CPU,
        step=7,
        epoch=2,
        vocabulary=data.vocabulary,
        target_names=data.target_names,
    )
    return NetworkState(view, project)


@pytest.fixture(scope="module")
def view_worker() -> Iterator[ViewWorker]:
    """A worker whose child and reader thread are shared by all tests of the module."""
    worker = ViewWorker()
    with worker.worker.reserved(lambda: False):
        worker.worker.run("tests.worker.worker_jobs.describe", {"names": []})
    yield worker
    worker.close()


def assert_equal(left: Any, right: Any) -> None:
    """Compare two values completely, arrays bit by bit."""
    left_arrays: Arrays = {}
    right_arrays: Arrays = {}
    assert encode(left, left_arrays) == encode(right, right_arrays)
    for name, array in left_arrays.items():
        np.testing.assert_array_equal(array, right_arrays[name])


@pytest.mark.parametrize(
    ("example", "view", "options"),
    [
        ("digits-mlp", "probe", {"labels": 5}),
        ("digits-mlp", "activations", {"index": 3}),
        ("vae-digits", "anomalies", {"seed": 4}),
        ("vae-digits", "samples", {"count": 4}),
    ],
)
def test_view_of_a_worker_equals_that_of_a_thread(
    view_worker: ViewWorker, example: str, view: str, options: dict[str, Any]
) -> None:
    spec, state = VIEWS[view], example_state(example)
    reports: list[str] = []
    reporting_state = replace(state, progress=lambda text, _done: reports.append(text))
    result = view_worker.compute(spec, options, reporting_state, beside_run=True)
    copied = replace(state.network, objective=copy.deepcopy(state.network.objective))
    expected = resolve_target(spec.compute)(replace(state, network=copied), **spec.parse(options))
    assert_equal(result, expected)
    assert reports[:2] == ["Sending the network to the worker", "Building the network"]


def test_error_message_of_a_view_is_returned(view_worker: ViewWorker) -> None:
    with pytest.raises(WorkError, match="There is no layer 'attic' in this network") as caught:
        view_worker.compute(VIEWS["probe"], {"layer": "attic"}, example_state("digits-mlp"))
    assert caught.value.details == ""
    with pytest.raises(WorkError, match="does not reconstruct its input"):
        view_worker.compute(VIEWS["anomalies"], {}, example_state("digits-mlp"))


@pytest.mark.parametrize("example", ["digits-mlp", "forecast-lstm", "masked-dates", "gan-ring"])
def test_network_is_restored_from_its_files(tmp_path: Path, example: str) -> None:
    state = example_state(example)
    writer = NetworkWriter(tmp_path)
    description = writer.write(state.network, state.project)
    view, project = read_network(description)
    assert project == state.project
    assert (view.step, view.epoch, view.facts) == (7, 2, state.network.facts)
    assert (view.vocabulary, view.target_names) == (
        state.network.vocabulary,
        state.network.target_names,
    )
    weights = state.network.objective.compiled.module.state_dict()
    for name, tensor in view.objective.compiled.module.state_dict().items():
        torch.testing.assert_close(tensor, weights[name], rtol=0, atol=0, equal_nan=True)
    assert view.subsets.keys() == state.network.subsets.keys()
    for name, subset in view.subsets.items():
        original = state.network.subsets[name]
        assert len(subset) == len(original)
        assert subset.inputs.keys() == original.inputs.keys()
        for role, raw in subset.inputs.items():
            assert torch.equal(raw, original.inputs[role])
            assert raw.stride() == original.inputs[role].stride()
    assert writer.write(state.network, state.project)["data"] is description["data"]
