from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from torch import nn

from dlstudio.network.weights.weights import (
    WeightsError,
    fingerprint_file,
    load_weights,
    read_weights,
    save_weights,
)


def network(width: int = 5) -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, width), nn.BatchNorm1d(width), nn.Linear(width, 2))


def test_weights_survive_saving_and_loading(tmp_path: Path) -> None:
    module, other = network(), network()
    module(torch.randn(8, 4))
    fingerprint = save_weights(module, tmp_path / "deep" / "net.safetensors")
    match = load_weights(other, tmp_path / "deep" / "net.safetensors")
    assert match.is_complete
    assert fingerprint == fingerprint_file(tmp_path / "deep" / "net.safetensors")
    for name, value in module.state_dict().items():
        assert torch.equal(other.state_dict()[name], value)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["net.safetensors"]


def test_shared_tensors_are_written_once_and_stay_shared(tmp_path: Path) -> None:
    def tied() -> nn.Sequential:
        module = nn.Sequential(nn.Embedding(7, 3), nn.Linear(3, 7, bias=False))
        module[1].weight = module[0].weight
        return module

    module, other = tied(), tied()
    save_weights(module, tmp_path / "tied.safetensors")
    assert list(read_weights(tmp_path / "tied.safetensors")) == ["0.weight"]
    assert load_weights(other, tmp_path / "tied.safetensors").is_complete
    assert torch.equal(other[1].weight, module[0].weight)
    assert other[1].weight is other[0].weight


def test_mismatched_tensors_are_reported_and_unchanged(tmp_path: Path) -> None:
    save_weights(network(5), tmp_path / "five.safetensors")
    wider = network(6)
    wider.append(nn.Linear(2, 2))
    before = {name: value.clone() for name, value in wider.state_dict().items()}
    match = load_weights(wider, tmp_path / "five.safetensors")
    assert match.mismatched["0.weight"] == ((6, 4), (5, 4))
    assert {"2.bias", "3.bias", "3.weight"} < set(match.missing)
    assert not match.loaded
    assert not match.is_complete
    assert torch.equal(wider.state_dict()["0.weight"], before["0.weight"])


@pytest.mark.parametrize("content", [b"", b"not safetensors", b"\xff" * 64])
def test_broken_file_is_refused_with_a_reason(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(content)
    with pytest.raises(WeightsError, match=r"broken\.safetensors"):
        load_weights(network(), broken)
    with pytest.raises(WeightsError, match="missing"):
        load_weights(network(), tmp_path / "missing.safetensors")


def test_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    path.mkdir()
    with pytest.raises(WeightsError, match="cannot be written"):
        save_weights(network(), path)
    assert [saved.name for saved in tmp_path.iterdir()] == ["net.safetensors"]


@pytest.mark.skipif(os.name == "nt", reason="checks POSIX permissions")
def test_files_have_the_permissions_of_other_new_files(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"")
    save_weights(network(), tmp_path / "net.safetensors")
    assert (tmp_path / "net.safetensors").stat().st_mode == other.stat().st_mode
    (tmp_path / "net.safetensors").chmod(0o640)
    save_weights(network(), tmp_path / "net.safetensors")
    assert (tmp_path / "net.safetensors").stat().st_mode & 0o777 == 0o640
