"""What dlstudio makes of data: the facts that the command line and the window show.

Does not import torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlstudio.data.core.data_report import ColumnSummary, LeftOut
from dlstudio.design.model.signals import Shape

if TYPE_CHECKING:
    from dlstudio.data.core.dataset import DataSet

SUBSETS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class DataSummary:
    """The facts about data that was read.

    Attributes:
        source: Name of the data source that read it.
        samples: Number of samples by subset, 0 for a missing subset.
        inputs: Shape of one sample by input role.
        columns: The columns of a table, including those left out; empty for other data.
        classes: Names of the classes in index order; empty if none are predicted.
        left_out: What is not used, and why.
        notes: What was changed or is unusual, a line each.
    """

    source: str
    samples: Mapping[str, int]
    inputs: Mapping[str, Shape]
    columns: tuple[ColumnSummary, ...]
    classes: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]


def summarise(source: str, dataset: DataSet) -> DataSummary:
    """Return the facts about a data set that the source of this name read."""
    facts = dataset.facts
    return DataSummary(
        source,
        {name: facts.samples.get(name, 0) for name in SUBSETS},
        {role: signal.shape for role, signal in facts.inputs.items()},
        dataset.table,
        facts.class_names,
        dataset.left_out,
        dataset.warnings,
    )
