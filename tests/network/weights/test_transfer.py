"""Importing weights: matching of tensors, and errors of unreadable files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from dlstudio.design.library.files import save
from dlstudio.design.model.model import Project
from dlstudio.network.weights.transfer import copy_matches, match_tensors
from dlstudio.network.weights.weights import WeightsError
from dlstudio.network.weights.weights_file import read_tensors


def network(last: int = 3) -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, last))


def test_matching_by_name_copies_everything() -> None:
    source, own = network().eval(), network().eval()
    match = copy_matches(own, source.state_dict(), "name")
    assert match.matched.keys() == source.state_dict().keys()
    x = torch.randn(5, 4)
    assert torch.equal(own(x), source(x))


def test_mismatched_head_keeps_its_weights() -> None:
    own = network(last=7)
    before = own[3].weight.clone()
    match = copy_matches(own, network().state_dict(), "name")
    assert match.mismatched["3.weight"] == ((7, 8), (3, 8))
    assert torch.equal(own[3].weight, before)
    assert set(match.matched) == {name for name in own.state_dict() if not name.startswith("3.")}


@pytest.mark.parametrize("wrapper", ["module.", "model.", "_orig_mod."])
def test_wrapper_prefix_is_ignored(wrapper: str) -> None:
    wrapped = {wrapper + name: tensor for name, tensor in network().state_dict().items()}
    match = copy_matches(network(), wrapped, "name")
    assert len(match.matched) == len(wrapped)
    assert not match.unused


def test_matching_by_order_ignores_names_and_skips_extra_layers() -> None:
    source = nn.ModuleDict(
        {"stem": nn.Linear(4, 8), "extra": nn.Linear(2, 2), "norm": nn.BatchNorm1d(8),
         "head": nn.Linear(8, 3)}
    )  # fmt: skip
    own = network()
    match = copy_matches(own, source.state_dict(), "order")
    assert match.matched["0.weight"] == "stem.weight"
    assert match.matched["1.running_mean"] == "norm.running_mean"
    assert match.matched["3.bias"] == "head.bias"
    assert set(match.unused) == {"extra.weight", "extra.bias"}
    assert torch.equal(own[3].weight, source["head"].weight)


def deep() -> nn.Sequential:
    """Return a network whose alphabetically sorted names are in another order."""
    return nn.Sequential(
        *(nn.Linear(4 + index, 5 + index) for index in range(12)), nn.BatchNorm1d(16)
    )


def renamed(module: nn.Module) -> dict[str, torch.Tensor]:
    return {f"net.block{name}": tensor for name, tensor in module.state_dict().items()}


@pytest.mark.parametrize("suffix", ["safetensors", "pt"])
def test_matching_by_order_copies_whole_layers_from_both_file_types(
    tmp_path: Path, suffix: str
) -> None:
    source, own, path = deep(), deep(), tmp_path / f"w.{suffix}"
    (save_file if suffix == "safetensors" else torch.save)(renamed(source), path)
    match = copy_matches(own, read_tensors(path), "order")
    assert not match.missing
    state = source.state_dict()
    assert all(torch.equal(tensor, state[name]) for name, tensor in own.state_dict().items())


def test_layers_of_equal_shape_keep_their_order_in_a_file_with_sorted_names(tmp_path: Path) -> None:
    source, own = (nn.Sequential(*(nn.Linear(4, 4) for _ in range(11))) for _ in range(2))
    save_file(renamed(source), tmp_path / "w.safetensors")
    assert not copy_matches(own, read_tensors(tmp_path / "w.safetensors"), "order").missing
    assert torch.equal(own[10].weight, source[10].weight)


def test_tensors_of_unique_shape_match_in_any_name_order(
    tmp_path: Path,
) -> None:
    source = nn.ModuleDict(
        {"stem": nn.Linear(4, 8), "norm": nn.BatchNorm1d(8), "a_head": nn.Linear(8, 3)}
    )
    save_file(source.state_dict(), tmp_path / "w.safetensors")
    own = network()
    match = copy_matches(own, read_tensors(tmp_path / "w.safetensors"), "order")
    assert match.matched["3.weight"] == "a_head.weight"
    assert match.matched["0.bias"] == "stem.bias"
    assert not match.missing
    assert not match.unused


def test_weight_and_bias_are_not_matched_from_two_layers() -> None:
    own = {"a.weight": torch.zeros(3, 2), "a.bias": torch.zeros(3)}
    theirs = {"x.weight": torch.ones(3, 2), "x.bias": torch.ones(7), "y.bias": torch.ones(3)}
    assert not match_tensors(own, theirs, "order").matched


def test_bias_is_never_matched_with_a_weight_of_its_shape() -> None:
    own = {"scale.weight": torch.zeros(8)}
    assert not match_tensors(own, {"other.bias": torch.ones(8)}, "order").matched


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt", "w.pth"])
def test_files_of_every_kind_are_read(tmp_path: Path, name: str) -> None:
    state = network().state_dict()
    path = tmp_path / name
    if path.suffix == ".safetensors":
        save_file(dict(state), path)
    else:
        torch.save({"epoch": 3, "state_dict": state}, path)
    tensors = read_tensors(path)
    assert tensors.keys() == state.keys()
    assert all(torch.equal(tensors[key], state[key]) for key in state)


class MaliciousPickle:
    """A pickle that runs code when it is loaded."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return (exec, ("raise SystemExit",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no weights at all", "not a PyTorch state dict"),
        ({"epoch": 3}, "contains no named tensors"),
        ({"a": MaliciousPickle()}, r"not a PyTorch .*contains objects .*state_dict\(\)"),
    ],
)
def test_file_without_weights_is_refused_with_a_reason(
    tmp_path: Path, content: object, message: str
) -> None:
    path = tmp_path / "w.pt"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    with pytest.raises(WeightsError, match=message):
        read_tensors(path)


def test_untrained_design_is_refused_with_a_reason(tmp_path: Path) -> None:
    save(Project(), tmp_path / "new.dlstudio")
    with pytest.raises(WeightsError, match="no trained weights"):
        read_tensors(tmp_path / "new.dlstudio")
    with pytest.raises(WeightsError):
        read_tensors(tmp_path / "gone.dlstudio")


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "legacy"])
def test_truncated_state_dict_is_refused_with_a_reason(tmp_path: Path, *, packed: bool) -> None:
    path = tmp_path / "w.pt"
    state = network().state_dict() | {"large": torch.zeros(20_000)}
    torch.save(state, path, _use_new_zipfile_serialization=packed)
    content = path.read_bytes()
    refusals = 0
    for end in (*range(0, 5000, 41), *range(5000, len(content) - 1, 1009)):
        path.write_bytes(content[:end])
        with pytest.raises(WeightsError, match=r"^w\.pt is not a PyTorch state dict"):
            read_tensors(path)
        refusals += 1
    assert refusals > 50


@pytest.mark.parametrize(
    "content",
    [b"\x80\x02j\xff\xff\xff\xff.", b"\x80\x02u.", b"\x80\x02\x8a\x01", b"\x80\x02]\x86."],
    ids=["unknown memo", "nothing to set", "cut number", "short stack"],
)
def test_invalid_pickle_is_refused_with_a_reason(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.pt"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="is damaged"):
        read_tensors(path)


def test_missing_file_is_reported_as_unreadable(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"gone\.pt cannot be read: there is no such file"):
        read_tensors(tmp_path / "gone.pt")
