"""What weights belong to: the layers of their network, and the samples they were trained on.

Both stand in the metadata of a weights file; files of older versions have none. Imports no torch.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dlstudio.design.library.files import FileError, absolute, load
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.model import Project
from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.report import NodeReport, Report
from dlstudio.design.storage.dataclass_json import to_json_value
from dlstudio.design.storage.paths import OPTION as PLACE
from dlstudio.design.structure.expand import FlatNode, expand
from dlstudio.network.weights.tensor_names import METADATA_KEY

NETWORK, TRAINED_ON = "network", "trained_on"
"""Keys of the metadata."""
_MAX_HEADER_BYTES = 100 << 20
_MOST_SPLITS = 50


@dataclass(frozen=True, slots=True)
class UsedSplit:
    """The samples of a run.

    Attributes:
        place: Where the data comes from: a digest of its source and path, or of its options.
        options: Digest of the options by which it was read.
    """

    place: str
    options: str
    seed: int
    validation: float
    test: float
    stratified: bool


@dataclass(frozen=True, slots=True)
class WeightsOrigin:
    """The origin of weights.

    Attributes:
        network: Fingerprint of the layers that hold them; empty if unknown.
        trained_on: Splits of all runs that trained them, in order.
    """

    network: str = ""
    trained_on: tuple[UsedSplit, ...] = ()

    @property
    def metadata(self) -> dict[str, str]:
        """The metadata of a weights file."""
        splits = json.dumps([asdict(split) for split in self.trained_on])
        return {NETWORK: self.network, TRAINED_ON: splits}

    def after_run(self, network: str, split: UsedSplit) -> WeightsOrigin:
        """Return the origin of these weights after a run."""
        others = tuple(other for other in self.trained_on if other != split)
        return WeightsOrigin(network, (*others, split)[-_MOST_SPLITS:])


def read_header(file: Path) -> Mapping[str, Any] | None:
    """Return the header of a safetensors file; None if it is none."""
    try:
        with file.open("rb") as content:
            size = int.from_bytes(content.read(8), "little")
            if size > _MAX_HEADER_BYTES:
                return None
            header = json.loads(content.read(size))
    except (OSError, ValueError):
        return None
    return header if isinstance(header, dict) else None


def read_metadata(file: Path) -> Mapping[str, Any]:
    """Return what a weights file says of its weights; empty if it says nothing."""
    try:
        plain = json.loads((read_header(file) or {})["__metadata__"][METADATA_KEY])
    except (ValueError, KeyError, TypeError):
        return {}
    return plain if isinstance(plain, dict) else {}


def read_origin(file: Path) -> WeightsOrigin:
    """Return the origin of a weights file; an unknown one if it does not say."""
    try:
        metadata = read_metadata(file)
        splits = tuple(UsedSplit(**plain) for plain in json.loads(metadata.get(TRAINED_ON, "[]")))
        return WeightsOrigin(str(metadata.get(NETWORK, "")), splits)
    except (ValueError, TypeError, AttributeError):
        return WeightsOrigin()


def origin_of_source(file: Path) -> WeightsOrigin:
    """Return the origin of the weights in a weights file, or of those beside a design."""
    with contextlib.suppress(FileError):
        reference = load(file).weights if file.suffix == ".dlstudio" else None
        return read_origin(file if reference is None else file.parent / reference.file)
    return WeightsOrigin()


def weights_fingerprint(project: Project, report: Report) -> str:
    """Return the fingerprint of the layers that hold weights: their paths, settings and sizes.

    Layers without weights, titles, and whether a layer is frozen do not count.
    """
    flat_nodes = expand(project).nodes
    layers = [
        _layer_values(flat_nodes.get(path), node)
        for path, node in sorted(report.nodes.items())
        if node.cost.parameters or node.cost.buffers
    ]
    return _digest(layers)


def _layer_values(flat: FlatNode | None, report: NodeReport) -> list[object]:
    layer = [report.path, report.kind, report.cost.parameters, report.cost.buffers]
    if flat is None:
        return list(layer)
    settings = {
        name: _resolved(value, flat.parameter_values)
        for name, value in sorted(flat.node.settings.items())
        if name != "frozen"
    }
    return [*layer, flat.node.weights_from, to_json_value(settings)]


def _resolved(value: Any, numbers: Mapping[str, int]) -> Any:
    try:
        return resolve_refs(value, numbers)
    except ValueError:
        return value


def used_split(data: DataSettings, folder: str) -> UsedSplit:
    """Return the samples that a run of these data settings uses.

    Args:
        data: The settings.
        folder: Base folder of a relative path.
    """
    options = dict(absolute(Project(data=data), Path(folder)).data.options)
    place = {PLACE: options.pop(PLACE)} if options.get(PLACE) else options
    split: Split = data.split
    return UsedSplit(
        place=_digest([data.source, to_json_value(place)]),
        options=_digest(to_json_value(options)),
        seed=split.seed,
        validation=split.validation,
        test=split.test,
        stratified=split.stratified,
    )


def leaking_subsets(
    origin: WeightsOrigin, split: UsedSplit, present: Collection[str], own: Collection[str]
) -> tuple[str, ...]:
    """Return the subsets with samples on which the weights were trained, in another split.

    Args:
        origin: That of the weights.
        split: The split of the new run.
        present: Subsets of the new run.
        own: Subsets that the data brings along, which no split changes.
    """
    leaks = {
        subset
        for earlier in origin.trained_on
        if earlier.place == split.place
        for subset in _changed_subsets(earlier, split)
    }
    return tuple(name for name in ("validation", "test") if name in leaks & {*present} - {*own})


def _changed_subsets(earlier: UsedSplit, now: UsedSplit) -> Iterator[str]:
    keys = [(split.options, split.seed, split.stratified, split.test) for split in (earlier, now)]
    if keys[0] != keys[1]:
        yield "test"
        yield "validation"
    elif earlier.validation != now.validation:
        yield "validation"


def leak_text(subsets: Collection[str]) -> str:
    """Return a sentence on subsets with samples that were trained on."""
    names = " and ".join(subsets)
    return (
        f"{names.capitalize()} samples were trained on: these weights come from another split of "
        "the same data. Their metrics look better than they are"
    )


def _digest(values: object) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
