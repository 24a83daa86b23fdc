"""The rule that the trained weights of a design exist and are unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, warning
from dlstudio.design.storage.file_errors import file_error_reason
from dlstudio.network.weights.weights import fingerprint_file

_FIX = "Restore the file, or save the design again; a run starts with new weights."


def weights_file_problems(project: Project, folder: Path) -> Iterator[Problem]:
    """Yield a warning if the weights cannot be loaded from the file beside the design.

    Args:
        project: The design.
        folder: Folder of the design's file.
    """
    reference = project.weights
    if reference is None:
        return
    path = folder / reference.file
    if not path.is_file():
        yield warning(
            "weights-file",
            "The trained weights are missing",
            f"The trained weights of the design in {reference.file!r} were not found beside it. "
            f"{_FIX}",
        )
        return
    try:
        is_valid = fingerprint_file(path) == reference.fingerprint
        reason = "it is corrupt, or a different file of the same name"
    except OSError as error:
        is_valid, reason = False, f"it cannot be read ({file_error_reason(error)})"
    if not is_valid:
        yield warning(
            "weights-file",
            "The trained weights cannot be loaded",
            f"The trained weights in {reference.file!r} cannot be loaded: {reason}. {_FIX}",
        )
