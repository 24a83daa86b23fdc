"""Reads the files of class folders, whatever they hold, with their classes as targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from dlstudio.data.core.data_report import LeftOut
from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.folders.class_folders import find_class_folders
from dlstudio.data.folders.folder_tree import FileKind
from dlstudio.data.sources.framework.read_request import ReadRequest


@dataclass(slots=True)
class FilesRead:
    """What a list of files gives.

    Attributes:
        samples: The samples of the readable files `(N, …)`.
        rows: The index of each readable file in the list, ascending.
        left_out: The files that cannot be read.
        warnings: What was changed or is unusual.
    """

    samples: Tensor
    rows: list[int]
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def select(self, start: int, stop: int, labels: Sequence[int] | None = None) -> Subset | None:
        """Return the samples of the files from `start` to `stop`; None if there are none."""
        inside = [index for index, row in enumerate(self.rows) if start <= row < stop]
        if not inside:
            return None
        samples = self.samples[inside[0] : inside[-1] + 1]
        rows = torch.tensor([self.rows[index] for index in inside], dtype=torch.int64)
        if labels is None:
            return Subset({"samples": samples}, source_rows=rows)
        target = [labels[self.rows[index]] for index in inside]
        labels_of_files = torch.tensor(target, dtype=torch.int64)
        return Subset({"samples": samples}, labels_of_files, source_rows=rows)


ReadFiles = Callable[[Sequence[Path], ReadRequest], FilesRead]


def read_labelled_folder(request: ReadRequest, kind: FileKind, read_files: ReadFiles) -> RawSamples:
    """Return the samples of class folders; unreadable files are left out.

    A folder that contains a folder for each subset (`train`, `val`, `test` …) has its own
    validation and test sets.

    Args:
        request: Names the folder.
        kind: The kind of its files.
        read_files: Reads them.

    Raises:
        DataError: There are no class folders, or no file can be read.
        Cancelled: The request was cancelled.
    """
    folders = find_class_folders(request.file, kind, request.cancelled)
    parts = (folders.train, folders.validation, folders.test)
    paths = [path for part in parts for path in part.paths]
    labels = [label for part in parts for label in part.labels]
    files = read_files(paths, request)
    trained = len(folders.train.paths)
    validated = trained + len(folders.validation.paths)
    train = files.select(0, trained, labels)
    if train is None or train.target is None:
        raise DataError(nothing_readable(request.file, kind, files))
    return RawSamples(
        train,
        validation=files.select(trained, validated, labels),
        test=files.select(validated, len(paths), labels),
        class_names=folders.names,
        warnings=(*folders.warnings, *files.warnings, *_unread_classes(folders.names, train)),
        left_out=(*folders.left_out, *files.left_out),
    )


def nothing_readable(root: Path, kind: FileKind, files: FilesRead) -> str:
    """Return the message for a folder of which no file can be read."""
    first = files.left_out[0]
    return f"No {kind.noun} in {root} can be read. First problem: {first.where}: {first.why}."


def _unread_classes(names: Sequence[str], train: Subset) -> list[str]:
    assert train.target is not None
    present = set(train.target.tolist())
    return [
        f"Class {name} has no readable file in the training data."
        for index, name in enumerate(names)
        if index not in present
    ]
