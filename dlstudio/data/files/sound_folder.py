"""Reads folders of WAV files, one sub-folder per class, as spectrograms."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import torch

from dlstudio.data.audio.spectrogram import WINDOW, Floats, resample, spectrogram
from dlstudio.data.audio.wave_file import READ_ERRORS, read_wave
from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.files.class_folders import LabelledFiles, find_class_folders
from dlstudio.data.files.images import decode_readable, find_files
from dlstudio.data.files.truncated_list import truncate_list
from dlstudio.data.sources.framework.read_request import ReadRequest

_SUFFIXES = frozenset({".wav", ".wave"})


def find_sounds(folder: Path) -> list[Path]:
    """Return the WAV files anywhere below a folder, sorted."""
    return find_files(folder, _SUFFIXES)


def read_sound_folder(request: ReadRequest) -> RawSamples:
    """Return all sounds below `path` as spectrograms; unreadable ones are skipped with a warning.

    A folder that contains `train` and `test` folders of classes has its own test set.

    Raises:
        DataError: There are no class folders, or no sound can be read.
        Cancelled: `cancelled` returned True.
    """
    folders = find_class_folders(request.file, find_sounds, "WAV files")
    warnings: list[str] = []
    train = _read_labelled(folders.train, request, warnings)
    if train is None:
        raise DataError(f"No sound in {folders.root} can be read. First problem: {warnings[0]}.")
    test = None if folders.test is None else _read_labelled(folders.test, request, warnings)
    lines = tuple(truncate_list(warnings, "sounds"))
    return RawSamples(train, test=test, class_names=folders.names, warnings=lines)


def _read_labelled(
    files: LabelledFiles, request: ReadRequest, warnings: list[str]
) -> Subset | None:
    rate, seconds = request.options["rate"], request.options["seconds"]
    decode = partial(_read_spectrogram, rate=rate, seconds=seconds)
    readable = dict(decode_readable(files.paths, decode, request, warnings, "sounds"))
    if not readable:
        return None
    samples = torch.from_numpy(np.stack(list(readable.values())))
    labels = [files.labels[position] for position in readable]
    return Subset({"samples": samples}, torch.tensor(labels, dtype=torch.int64))


def _read_spectrogram(path: Path, rate: int, seconds: float) -> Floats | str:
    """Return the spectrogram of a file's first `seconds`, or a warning if it cannot be read."""
    try:
        sound, own_rate = read_wave(path, seconds)
    except READ_ERRORS as error:
        return f"{path}: {error}; skipped"
    padded = np.zeros(max(round(seconds * rate), WINDOW))
    signal = resample(sound, own_rate, rate)[: len(padded)]
    padded[: len(signal)] = signal
    return spectrogram(padded)
