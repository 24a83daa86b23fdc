"""The background work of the import dialog, in a thread that may import torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.design.model.model import Project
from dlstudio.gui.background.background_task import BackgroundTask
from dlstudio.gui.background.latest_task import Work
from dlstudio.resources import resource

if TYPE_CHECKING:
    from dlstudio.network.weights.transfer import TensorMatch

BY_NAME, BY_ORDER = "name", "order"


@dataclass(frozen=True, slots=True)
class LayerRow:
    """The import preview of one layer.

    Attributes:
        matched: Number of its tensors that are imported, out of `tensors`.
        source: Name of the first imported tensor in the file.
        note: Why a tensor does not match: the two shapes.
    """

    path: str
    tensors: int
    matched: int
    source: str = ""
    note: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether all of the layer's tensors are imported."""
        return self.matched == self.tensors


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The result of matching a file with a design.

    Attributes:
        rows: The layers with weights, in the network's order.
        unused: Names of tensors in the file that are not used.
        weights: A weights file of the design with the matching tensors replaced.
    """

    rows: tuple[LayerRow, ...] = ()
    unused: tuple[str, ...] = ()
    weights: Path | None = None
    error: str = ""

    @property
    def matched(self) -> int:
        """Number of imported tensors."""
        return sum(row.matched for row in self.rows)

    @property
    def tensors(self) -> int:
        """Number of tensors in the network."""
        return sum(row.tensors for row in self.rows)


def example_weights() -> tuple[Path, ...]:
    """Return the weights files of the examples, sorted by name."""
    return tuple(sorted(resource("examples").glob("*.safetensors")))


def preview_import(project: Project, file: Path, match_mode: str, folder: Path) -> Work:
    """Return a task function that matches a file with a design; it returns an `ImportPreview`."""

    def work(_task: BackgroundTask) -> ImportPreview:
        from dlstudio.data.sources.dataset_info import info_of
        from dlstudio.network.compile.compile import CompileError, compile_design
        from dlstudio.network.weights.transfer import copy_matches
        from dlstudio.network.weights.weights import WeightsError, save_weights, state_tensors
        from dlstudio.network.weights.weights_file import read_tensors
        from dlstudio.training.storage.weights_origin import WeightsOrigin, origin_of_source
        from dlstudio.training.storage.weights_record import WeightsRecord

        try:
            tensors = read_tensors(file)
            module = compile_design(project, info_of(project.data)).module
            matches = copy_matches(module, tensors, "order" if match_mode == BY_ORDER else "name")
            rows = _rows(list(state_tensors(module)), matches)
            target = folder / f"from-{file.stem}.safetensors"
            if matches.matched:
                origin = WeightsOrigin(trained_on=origin_of_source(file).trained_on)
                record = WeightsRecord(imported_from=file.name)
                save_weights(module, target, {**origin.metadata, **record.metadata})
        except (WeightsError, CompileError) as error:
            return ImportPreview(error=str(error))
        return ImportPreview(rows, matches.unused, target if matches.matched else None)

    return work


def _rows(names: list[str], matches: TensorMatch) -> tuple[LayerRow, ...]:
    by_layer: dict[str, list[str]] = {}
    for name in names:
        by_layer.setdefault(name.rpartition(".")[0], []).append(name)
    return tuple(_row(path, layer_names, matches) for path, layer_names in by_layer.items())


def _row(path: str, names: list[str], matches: TensorMatch) -> LayerRow:
    sources = [matches.matched[name] for name in names if name in matches.matched]
    mismatch = next((name for name in names if name in matches.mismatched), None)
    note = ""
    if mismatch is not None:
        ours, theirs = ("×".join(map(str, shape)) for shape in matches.mismatched[mismatch])
        note = f"{ours} here, {theirs} in the file"
    return LayerRow(path, len(names), len(sources), sources[0] if sources else "", note)
