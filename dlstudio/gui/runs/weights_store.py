"""A design's trained weights: a file beside the design, named by the hash of its content.

New weights get a new file, so the design on disk always refers to weights that exist, even if the
process is killed. Imports no torch.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

from dlstudio.design.library.files import FileError
from dlstudio.design.model.model import WeightsRef
from dlstudio.design.storage.file_errors import file_error_reason

SUFFIX = ".safetensors"


def save_design_weights(weights: Path, design: Path) -> WeightsRef:
    """Copy trained weights beside the design and return a reference to them.

    Raises:
        FileError: The weights cannot be read or written.
    """
    try:
        fingerprint = fingerprint_of(weights)
        path = design.with_name(f"{design.stem}.{fingerprint[7:15]}{SUFFIX}")
        if not path.exists():
            temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            shutil.copyfile(weights, temporary)
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
    except OSError as error:
        reason = file_error_reason(error)
        raise FileError(f"The weights cannot be saved beside {design.name}: {reason}") from error
    return WeightsRef(path.name, fingerprint)


def stored_weights(reference: WeightsRef, folder: Path) -> Path | None:
    """Return the weights file; None if it is missing or its content differs."""
    path = folder / reference.file
    try:
        return path if fingerprint_of(path) == reference.fingerprint else None
    except OSError:
        return None


def delete_stale_weights(design: Path, current: WeightsRef | None) -> None:
    """Delete the weights of earlier saves of this design."""
    own_names = re.compile(rf"{re.escape(design.stem)}\.[0-9a-f]{{8}}{re.escape(SUFFIX)}")
    for path in design.parent.iterdir():
        if own_names.fullmatch(path.name) and (current is None or path.name != current.file):
            path.unlink(missing_ok=True)


def fingerprint_of(path: Path) -> str:
    """Return `sha256:` and the hex digest of a file's content."""
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
