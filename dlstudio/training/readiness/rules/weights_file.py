"""Are the trained weights that a design names still there, as they were saved?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.network.weights.weights import fingerprint_file
from dlstudio.training.readiness.core.check_context import warning

_FIX = "Put the file back, or save the design again; a run begins with new weights."


def weights_file_problems(project: Project, folder: Path) -> Iterator[Problem]:
    """Yield a warning where the weights cannot be taken from the file beside the design.

    Args:
        project: The design.
        folder: Where its file lies.
    """
    reference = project.weights
    if reference is None:
        return
    path = folder / reference.file
    if not path.is_file():
        yield warning(
            "weights-file",
            "The trained weights are gone",
            f"The design names trained weights in {reference.file!r}, and there is no such file "
            f"beside it. {_FIX}",
        )
        return
    try:
        is_valid = fingerprint_file(path) == reference.fingerprint
        reason = "it is damaged, or another file by the same name"
    except OSError as error:
        is_valid, reason = False, f"it cannot be read ({error.strerror})"
    if not is_valid:
        yield warning(
            "weights-file",
            "The trained weights cannot be used",
            f"The design names trained weights in {reference.file!r}, but that is not the file it "
            f"was saved with: {reason}. {_FIX}",
        )
