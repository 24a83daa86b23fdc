"""The arrays of an NPZ file by name, each read when it is needed. Does not import torch."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from dlstudio.data.core.errors import DataError

Array = npt.NDArray[Any]

_READ_ERRORS = (
    OSError, EOFError, ValueError, TypeError, LookupError, SyntaxError, OverflowError,
    RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""Exceptions raised by reading a damaged file; NotImplementedError is a RuntimeError."""
_INPUTS = ("x", "x_train", "train_images", "images", "inputs", "features", "data", "samples")
_TARGETS = ("y", "y_train", "train_labels", "labels", "targets", "target", "classes")
_SUBSET_WORDS = {"validation": ("val", "valid", "validation", "dev"), "test": ("test",)}


class NpzArrays:
    """An open NPZ file. Pickled objects in it are never loaded."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        """Read the names of the arrays.

        Raises:
            DataError: It is not an NPZ file.
        """
        self.path = path
        try:
            archive = np.load(stream, allow_pickle=False)
        except _READ_ERRORS as error:
            raise DataError(
                f"{path} cannot be read as NumPy arrays of numbers. Save x and y with numpy.savez."
            ) from error
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise DataError(f"{path} contains a single array. Save x and y with numpy.savez.")
        self._archive = archive
        self.names = tuple(archive.files)

    def read(self, name: str) -> Array:
        """Return an array.

        Raises:
            DataError: It is damaged, no array, or holds Python objects.
        """
        try:
            array = self._archive[name]
        except _READ_ERRORS as error:
            if "allow_pickle" in str(error):
                raise DataError(
                    f"{self.path}: array {name} holds Python objects, which could run code when "
                    "they are read. Save it as numbers or text, for example with "
                    f"np.array({name}.tolist())."
                ) from error
            raise DataError(
                f"{self.path} cannot be read as NumPy arrays (array {name}: {error})."
            ) from error
        if not isinstance(array, np.ndarray):
            raise DataError(f"{self.path}: {name} is not an array. Save it with numpy.savez.")
        return array

    def describe(self) -> str:
        """Return the arrays with their shapes, for messages."""
        return ", ".join(map(self._description, self.names)) or "no arrays"

    def _description(self, name: str) -> str:
        try:
            return f"{name} {self.read(name).shape}"
        except DataError:
            return f"{name} (not readable)"

    def find_inputs(self, chosen: str) -> str:
        """Return the name of the array of samples, the chosen one or one by a usual name.

        Raises:
            DataError: There is none.
        """
        name = self._find(chosen, _INPUTS, "samples")
        if name is None:
            raise DataError(
                f"{self.path} contains {self.describe()}. Name the array of samples in the data "
                "settings."
            )
        return name

    def find_target(self, chosen: str) -> str | None:
        """Return the name of the array to predict, None if there is none.

        Raises:
            DataError: The chosen one does not exist.
        """
        return self._find(chosen, _TARGETS, "the target")

    def of_subset(self, name: str, subset: str) -> str | None:
        """Return the array that holds the same for `validation` or `test`, None without any."""
        candidates = (
            name.replace("train", word) if "train" in name else f"{name}_{word}"
            for word in _SUBSET_WORDS[subset]
        )
        return next((candidate for candidate in candidates if candidate in self.names), None)

    def _find(self, chosen: str, usual_names: Sequence[str], purpose: str) -> str | None:
        if chosen:
            if chosen not in self.names:
                raise DataError(
                    f"{self.path} has no array {chosen!r} for {purpose}: {self.describe()}."
                )
            return chosen
        by_lower = {name.lower(): name for name in self.names}
        return next((by_lower[name] for name in usual_names if name in by_lower), None)
