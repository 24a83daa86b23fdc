"""Weights files of any kind: wrapped names, nested checkpoints, wrong endings, damage."""

from __future__ import annotations

import contextlib
import io
import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save, save_file
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from dlstudio.design.model.model import Project
from dlstudio.design.storage.bundle import save_bundle
from dlstudio.network.weights.tensor_names import without_wrappers
from dlstudio.network.weights.transfer import copy_matches, match_tensors
from dlstudio.network.weights.weights import WeightsError
from dlstudio.network.weights.weights_file import read_tensors

State = dict[str, Tensor]


def network() -> nn.Sequential:
    module = nn.Sequential()
    module.add_module("linear_2", nn.Linear(6, 5))
    module.add_module("linear_4", nn.Linear(5, 3))
    return module


def prefixed(prefix: str, state: Mapping[str, Tensor]) -> State:
    return {prefix + name: tensor for name, tensor in state.items()}


STATE: State = dict(network().state_dict())
OTHER: State = {name: tensor + 1 for name, tensor in STATE.items()}
EXTRA: State = {"criterion.weight": torch.ones(3)}
CHECKPOINTS = {
    "plain": STATE,
    "parallel": prefixed("module.", STATE),
    "compiled": prefixed("_orig_mod.", STATE),
    "parallel and compiled": prefixed("module._orig_mod.", STATE),
    "compiled twice": prefixed("_orig_mod.module._orig_mod.model.", STATE),
    "compiled layers": {name.replace(".", "._orig_mod."): STATE[name] for name in STATE},
    "lightning": {
        "state_dict": prefixed("model.", STATE), "epoch": 3, "optimizer_states": [],
        "callbacks": {"best": torch.ones(2)},
    },
    "lightning, compiled": {"state_dict": prefixed("model._orig_mod.", STATE)},
    "with a loss": {"state_dict": {**prefixed("model.", STATE), **EXTRA}},
    "mixed wrappers": {
        "module.linear_2.weight": STATE["linear_2.weight"],
        "net.linear_2.bias": STATE["linear_2.bias"],
        "linear_4.weight": STATE["linear_4.weight"],
        "model.module.linear_4.bias": STATE["linear_4.bias"],
    },
    "net and optimiser": {
        "net": STATE, "optimizer": {"state": {0: {"exp_avg": torch.ones(2)}}}, "step": 4,
    },
    "deep": {"checkpoint": {"trainer": {"network": prefixed("network.", STATE)}}},
    "averaged beside": {"model_ema": OTHER, "model": STATE},
    "averaged names": {**prefixed("ema_model.module.", OTHER), **prefixed("model.", STATE)},
    "only averaged": {"ema": {"module": STATE}, "epoch": 1},
    "SWA": dict(AveragedModel(network()).state_dict()) | prefixed("module.", STATE),
    "half precision": {name: tensor.half().float() for name, tensor in STATE.items()},
}  # fmt: skip


@pytest.mark.parametrize("content", CHECKPOINTS.values(), ids=CHECKPOINTS)
def test_every_tensor_is_matched_by_name(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "w.anything")
    own = network()
    match = copy_matches(own, read_tensors(tmp_path / "w.anything"), "name")
    assert match.matched.keys() == STATE.keys()
    assert not match.missing
    assert not match.mismatched
    for name, tensor in own.state_dict().items():
        torch.testing.assert_close(tensor, STATE[name], atol=1e-3, rtol=0)


def test_names_of_the_network_are_never_shortened() -> None:
    own = {"model.net.weight": 1, "net.weight": 2}
    source = ["model.net.weight", "net.weight", "module.net.weight", "model.module.weight"]
    assert without_wrappers(own, source) == {
        "model.net.weight": "model.net.weight", "net.weight": "net.weight",
    }  # fmt: skip
    match = match_tensors({"a.weight": torch.ones(2)}, prefixed("module.", EXTRA), "name")
    assert match.unused == ("module.criterion.weight",)


def file_contents() -> dict[str, bytes]:
    zipped, legacy, arrays = io.BytesIO(), io.BytesIO(), io.BytesIO()
    torch.save(STATE, zipped)
    torch.save(STATE, legacy, _use_new_zipfile_serialization=False)
    np.savez(arrays, **{name: tensor.numpy().astype(">f8") for name, tensor in STATE.items()})
    return {
        "safetensors": save(STATE), "zip": zipped.getvalue(), "legacy": legacy.getvalue(),
        "npz": arrays.getvalue(),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors", "w.dlstudio", "w.PTH", "w.npz", "w"])
@pytest.mark.parametrize("content", file_contents().values(), ids=file_contents())
def test_files_are_recognised_by_content(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    match = copy_matches(network(), read_tensors(tmp_path / name), "name")
    assert match.matched.keys() == STATE.keys()


def test_weights_of_a_bundle_are_read(tmp_path: Path) -> None:
    save_file(STATE, tmp_path / "w.safetensors")
    save_bundle(Project(), tmp_path / "b.zip", tmp_path / "w.safetensors")
    assert read_tensors(tmp_path / "b.zip").keys() == STATE.keys()
    save_bundle(Project(), tmp_path / "b.zip", None)
    with pytest.raises(WeightsError, match="no trained weights"):
        read_tensors(tmp_path / "b.zip")


def test_whole_modules_and_object_arrays_are_refused(tmp_path: Path) -> None:
    torch.save(network(), tmp_path / "whole.pt")
    with pytest.raises(WeightsError, match="contains objects that would run code"):
        read_tensors(tmp_path / "whole.pt")
    np.savez(tmp_path / "a.npz", a=np.array([{}], dtype=object))
    with pytest.raises(WeightsError, match="cannot be read as arrays of numbers"):
        read_tensors(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", a=np.array(["text"]))
    with pytest.raises(WeightsError, match="contains no named tensors"):
        read_tensors(tmp_path / "b.npz")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(60))
def test_damaged_files_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    content = bytearray(rng.choice(list(file_contents().values())))
    for _ in range(rng.randint(1, 5)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    path = tmp_path / "w.pt"
    path.write_bytes(content[: rng.choice((len(content), rng.randrange(len(content))))])
    with contextlib.suppress(WeightsError):
        read_tensors(path)
