"""Which weights a file holds, as written in its metadata when they were trained or imported.

Imports neither torch nor numpy: the window reads it before they are loaded.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from dlstudio.training.storage.weights_origin import read_metadata

KEPT = "kept"
"""Key of the metadata."""


@dataclass(frozen=True, slots=True)
class WeightsRecord:
    """The point of a run at which weights were kept, or the file that they were imported from.

    Attributes:
        epoch: Completed epochs.
        step_in_epoch: Completed steps of the next epoch; 0 at the end of one.
        best_of: The metric by which they are the best of the run; empty for those of the last step.
        imported_from: Name of the file; empty if a run trained them.
    """

    epoch: int = 0
    step_in_epoch: int = 0
    best_of: str = ""
    imported_from: str = ""

    @property
    def metadata(self) -> dict[str, str]:
        """The metadata of a weights file."""
        return {KEPT: json.dumps(asdict(self))}


def read_weights_record(file: Path) -> WeightsRecord | None:
    """Return the record of a weights file; None if it has none or cannot be read."""
    try:
        plain = json.loads(read_metadata(file)[KEPT])
        return WeightsRecord(
            int(plain["epoch"]),
            int(plain["step_in_epoch"]),
            str(plain["best_of"]),
            str(plain["imported_from"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
