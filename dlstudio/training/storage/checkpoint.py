"""Checkpoints: a run's state as tensors and plain values, in safetensors and JSON files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from dlstudio.design.storage.atomic_files import write_atomically
from dlstudio.training.optim.group_optimiser import GroupOptimiser
from dlstudio.training.storage.json_files import read_json, write_json

FORMAT = 1
KEPT_CHECKPOINTS = 2
"""Number of checkpoints to keep, the newest ones."""


@dataclass(frozen=True, slots=True)
class TrainerState:
    """A run's state at one step.

    Attributes:
        tensors: Weights and norm statistics (`module.…`), optimiser state
            (`optimiser.GROUP.PARAMETER.KEY`), sums of the current epoch's metrics (`tally.…`) and
            moving averages of the weights, if used (`average.…`).
        values: Plain values: the loop's state, and optimiser state that is not a tensor.
    """

    tensors: Mapping[str, Tensor]
    values: Mapping[str, Any]


def optimiser_state(
    optimisers: Sequence[GroupOptimiser],
) -> tuple[dict[str, Tensor], list[list[Any]]]:
    """Return the optimiser state as named tensors, and the rest as plain rows."""
    tensors: dict[str, Tensor] = {}
    rows: list[list[Any]] = []
    for number, optimiser in enumerate(optimisers):
        for index, state in optimiser.torch_optimiser.state_dict()["state"].items():
            for key, value in state.items():
                if isinstance(value, Tensor):
                    tensors[f"optimiser.{number}.{index}.{key}"] = value
                else:
                    rows.append([number, index, key, value])
    return tensors, rows


def restore_optimisers(optimisers: Sequence[GroupOptimiser], trainer_state: TrainerState) -> None:
    """Load the optimiser state of a checkpoint."""
    states: list[dict[int, dict[str, Any]]] = [{} for _ in optimisers]
    for name, tensor in trainer_state.tensors.items():
        if name.startswith("optimiser."):
            _, number, index, key = name.split(".", 3)
            states[int(number)].setdefault(int(index), {})[key] = tensor.clone()
    for number, index, key, value in trainer_state.values["optimiser_values"]:
        states[number].setdefault(index, {})[key] = value
    for optimiser, state in zip(optimisers, states, strict=True):
        groups = optimiser.torch_optimiser.state_dict()["param_groups"]
        optimiser.torch_optimiser.load_state_dict({"state": state, "param_groups": groups})


def strip_prefix(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors whose name starts with `prefix.`, without it."""
    start = f"{prefix}."
    return {
        name.removeprefix(start): tensor
        for name, tensor in tensors.items()
        if name.startswith(start)
    }


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """Write a safetensors file atomically; OSError if that fails."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}

    def write(unfinished: Path) -> None:
        try:
            save_file(plain, unfinished, None if metadata is None else dict(metadata))
        except SafetensorError as error:
            raise OSError(str(error)) from error

    write_atomically(path, write)


def write_checkpoint(
    folder: Path, trainer_state: TrainerState, best: Mapping[str, Tensor] | None
) -> None:
    """Write a checkpoint with the best weights, if any, and delete older ones.

    The JSON file is written last: without it the checkpoint does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = trainer_state.values["state"]
    name = f"step-{state['step']:09d}"
    best_name = f"best-{state['best_epoch']:06d}.safetensors" if best is not None else ""
    if best is not None and not (folder / best_name).exists():
        write_tensors(folder / best_name, best)
    write_tensors(folder / f"{name}.safetensors", trainer_state.tensors)
    size = (folder / f"{name}.safetensors").stat().st_size
    content = {"format": FORMAT, "size": size, "best": best_name, **trainer_state.values}
    write_json(folder / f"{name}.json", content)
    _delete_stale(folder)


def delete_after(folder: Path, step: int, epoch: int) -> None:
    """Delete checkpoints of later steps and best weights of later epochs, after a roll-back."""
    for path in _checkpoint_files(folder):
        if _file_number(path) > step:
            _remove(path)
    for path in folder.glob("best-*.safetensors"):
        if _file_number(path) > epoch:
            path.unlink(missing_ok=True)


def newest_checkpoint(folder: Path) -> tuple[TrainerState, dict[str, Tensor] | None] | None:
    """Return the newest complete checkpoint and its best weights, on the CPU."""
    for path in reversed(_checkpoint_files(folder)):
        values = read_json(path)
        if values is None or values.get("format") != FORMAT:
            continue
        tensors = _read(path.with_suffix(".safetensors"), values["size"])
        best = _read(folder / values["best"]) if values["best"] else None
        if tensors is not None and (best is not None or not values["best"]):
            return TrainerState(tensors, values), best
    return None


def _read(path: Path, size: int | None = None) -> dict[str, Tensor] | None:
    try:
        if size is not None and path.stat().st_size != size:
            return None
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError):
        return None


def _checkpoint_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*.json"))


def _file_number(path: Path) -> int:
    return int(path.stem.partition("-")[2])


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(".safetensors").unlink(missing_ok=True)


def _delete_stale(folder: Path) -> None:
    paths = _checkpoint_files(folder)
    for path in paths[:-KEPT_CHECKPOINTS]:
        _remove(path)
    contents: Iterable[dict[str, Any] | None] = map(read_json, paths[-KEPT_CHECKPOINTS:])
    used = {content["best"] for content in contents if content is not None}
    for path in (*folder.glob("best-*.safetensors"), *folder.glob(".*.tmp")):
        if path.name not in used:
            path.unlink(missing_ok=True)
    for path in folder.glob("step-*.safetensors"):
        if not path.with_suffix(".json").exists():
            path.unlink(missing_ok=True)
