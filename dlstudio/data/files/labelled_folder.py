"""Reads the files of class folders, whatever they hold, with their classes as targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.class_folders import LabelledFiles, find_class_folders
from dlstudio.data.files.truncated_list import truncate_list
from dlstudio.data.sources.framework.read_request import ReadRequest

ReadFiles = Callable[[Sequence[Path], ReadRequest, list[str]], tuple[Tensor, list[int]]]
"""Returns the samples of the readable files and their indices; extends the list of warnings."""


def read_labelled_folder(
    request: ReadRequest,
    find_files: Callable[[Path], Sequence[Path]],
    read_files: ReadFiles,
    noun: str,
    description: str,
) -> RawSamples:
    """Return the samples of class folders; unreadable files are skipped with a warning.

    A folder that contains `train` and `test` folders of classes has its own test set.

    Args:
        request: Names the folder.
        find_files: Returns the matching files below a folder.
        read_files: Reads them.
        noun: What a file holds, in the singular, such as `sound`.
        description: The files in the plural, such as `WAV files`.

    Raises:
        DataError: There are no class folders, or no file can be read.
        Cancelled: The request was cancelled.
    """
    folders = find_class_folders(request.file, find_files, description)
    warnings: list[str] = []
    train = _read_subset(folders.train, request, read_files, warnings)
    if train is None:
        raise DataError(f"No {noun} in {folders.root} can be read. First problem: {warnings[0]}.")
    test = None
    if folders.test is not None:
        test = _read_subset(folders.test, request, read_files, warnings)
    lines = tuple(truncate_list(warnings, f"{noun}s"))
    return RawSamples(train, test=test, class_names=folders.names, warnings=lines)


def _read_subset(
    files: LabelledFiles, request: ReadRequest, read_files: ReadFiles, warnings: list[str]
) -> Subset | None:
    samples, readable = read_files(files.paths, request, warnings)
    labels = torch.tensor([files.labels[index] for index in readable], dtype=torch.int64)
    return Subset({"samples": samples}, labels) if readable else None
