"""Writes a network and its data to files for another process, and reads them.

Samples are written again only after they have changed. Tensors that share memory, such as the
windows of a series, share it in the file and after reading too.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.normaliser import Affine, Normaliser
from dlstudio.data.core.vocabulary import Vocabulary
from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.storage.codec import decode, encode
from dlstudio.design.storage.dataclass_json import from_json_value, to_json_value
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import load_weights, save_weights
from dlstudio.training.loop.observer import RunView
from dlstudio.training.tasks.registry import create_objective
from dlstudio.worker.original_cells import read_cells, write_cells
from dlstudio.worker.temporary_files import writing

Description = dict[str, Any]


class NetworkWriter:
    """Writes networks into a folder; a network with unchanged data reuses the data file."""

    def __init__(self, folder: Path) -> None:
        """Write into `folder`, which must exist."""
        self._folder = folder
        self._tensors: list[weakref.ref[Tensor]] = []
        self._data: Description = {}
        self._count = 0

    def write(self, view: RunView, project: Project) -> Description:
        """Write a network and return a JSON description for `read_network`.

        The caller must remove the file under `weights`.

        Raises:
            WeightsError, OSError: A file cannot be written.
        """
        self._count += 1
        weights = self._folder / f"weights-{self._count}.safetensors"
        vocabulary = view.vocabulary
        description: Description = {
            "project": encode(project),
            "weights": str(weights),
            "data": self._write_data(view),
            "facts": to_json_value(view.facts),
            "vocabulary": None if vocabulary is None else to_json_value(vocabulary),
            "target_names": list(view.target_names),
            "columns": list(view.columns),
            "word_columns": sorted(view.word_columns),
            "features": list(view.features),
            "device": str(view.device),
            "step": view.step,
            "epoch": view.epoch,
        }
        save_weights(view.objective.compiled.module, weights)
        return description

    def _write_data(self, view: RunView) -> Description:
        """Return the description of the data file, written again if the tensors have changed."""
        tensors = _data_tensors(view)
        kept = [reference() for reference in self._tensors]
        if len(kept) == len(tensors) and all(map(_same, kept, tensors.values())):
            return self._data
        outdated, self._data, self._tensors = self._data, {}, []
        for outdated_file in filter(None, (outdated.get("file"), outdated.get("cells"))):
            with suppress(OSError):  # a reader may still have it mapped; the folder goes later
                Path(outdated_file).unlink()
        file = self._folder / f"data-{self._count}.safetensors"
        cells = self._folder / f"cells-{self._count}.safetensors"
        has_cells = view.original is not None and write_cells(view.original, cells)
        storages: dict[tuple[int, torch.dtype], Tensor] = {}
        places = {name: _place(tensor, storages) for name, tensor in tensors.items()}
        try:
            with writing(file):
                save_file({str(index): base for index, base in enumerate(storages.values())}, file)
        except OSError:
            cells.unlink(missing_ok=True)
            raise
        self._tensors = [weakref.ref(tensor) for tensor in tensors.values()]
        samples = {name: subset.samples_per_epoch for name, subset in view.subsets.items()}
        self._data = {
            "file": str(file),
            "tensors": places,
            "samples_per_epoch": samples,
            "cells": str(cells) if has_cells else "",
        }
        return self._data


def read_network(description: Mapping[str, Any]) -> tuple[RunView, Project]:
    """Return the network described by `NetworkWriter.write`, and its design.

    Raises:
        ValueError: The weights do not match the design.
    """
    project = decode(description["project"])
    facts: DatasetInfo = from_json_value(DatasetInfo, description["facts"], "facts")
    device = torch.device(description["device"])
    compiled = compile_design(project, facts, device=device)
    if not load_weights(compiled.module, description["weights"]).is_complete:
        raise ValueError("The weights do not match the design.")
    subsets, normaliser, target_scale = _read_data(description["data"])
    objective = create_objective(project.training, compiled)
    objective.target_scale = target_scale
    vocabulary = description["vocabulary"]
    view = RunView(
        objective=objective,
        subsets=subsets,
        normaliser=normaliser,
        facts=facts,
        device=device,
        step=description["step"],
        epoch=description["epoch"],
        vocabulary=from_json_value(Vocabulary | None, vocabulary, "vocabulary"),
        target_names=tuple(description["target_names"]),
        original=read_cells(cells) if (cells := description["data"]["cells"]) else None,
        columns=tuple(description["columns"]),
        word_columns=frozenset(description["word_columns"]),
        features=tuple(description["features"]),
    )
    return view, project


def _data_tensors(view: RunView) -> dict[str, Tensor]:
    """Return all tensors of the data by a path such as `train/inputs/samples`."""
    tensors: dict[str, Tensor] = {}
    for name, subset in view.subsets.items():
        tensors |= {f"{name}/inputs/{role}": raw for role, raw in subset.inputs.items()}
        tensors |= {f"{name}/subgroups/{group}": flags for group, flags in subset.subgroups.items()}
        if subset.target is not None:
            tensors[f"{name}/target/"] = subset.target
        if subset.source_rows is not None:
            tensors[f"{name}/source_rows/"] = subset.source_rows
    for role, affine in view.normaliser.roles.items():
        tensors[f"normaliser/scale/{role}"] = affine.scale
        tensors[f"normaliser/shift/{role}"] = affine.shift
    if (target_scale := view.objective.target_scale) is not None:
        tensors |= {"target/scale": target_scale.scale, "target/shift": target_scale.shift}
    return tensors


def _same(kept: Tensor | None, tensor: Tensor) -> bool:
    return kept is tensor


def _place(tensor: Tensor, storages: dict[tuple[int, torch.dtype], Tensor]) -> Description:
    """Return the location of a tensor in its storage, adding the storage to `storages`."""
    storage = tensor.untyped_storage()
    key = (storage.data_ptr(), tensor.dtype)
    if key not in storages:
        base = torch.empty(0, dtype=tensor.dtype, device=tensor.device)
        count = storage.nbytes() // tensor.element_size()
        storages[key] = base.set_(storage, 0, (count,), (1,)).cpu()
    return {
        "storage": str(list(storages).index(key)),
        "size": list(tensor.shape),
        "stride": list(tensor.stride()),
        "offset": tensor.storage_offset(),
    }


def _read_data(
    data: Mapping[str, Any],
) -> tuple[dict[str, Subset], Normaliser, Affine | None]:
    storages = _read_storages(data["file"])
    tensors = {
        name: torch.as_strided(
            storages[place["storage"]], place["size"], place["stride"], place["offset"]
        )
        for name, place in data["tensors"].items()
    }
    subsets = {
        name: Subset(
            _below(tensors, f"{name}/inputs/"),
            tensors.get(f"{name}/target/"),
            samples_per_epoch,
            _below(tensors, f"{name}/subgroups/"),
            tensors.get(f"{name}/source_rows/"),
        )
        for name, samples_per_epoch in data["samples_per_epoch"].items()
    }
    scales, shifts = (_below(tensors, f"normaliser/{name}/") for name in ("scale", "shift"))
    target = _below(tensors, "target/")
    return (
        subsets,
        Normaliser({role: Affine(scales[role], shifts[role]) for role in scales}),
        Affine(**target) if target else None,
    )


@lru_cache(maxsize=1)
def _read_storages(file: str) -> Mapping[str, Tensor]:
    """Return the storages of a data file; those of the last file are cached."""
    return load_file(file)


def _below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
