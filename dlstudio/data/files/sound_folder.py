"""Reads folders of WAV files, one sub-folder per class, as spectrograms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from dlstudio.data.audio.spectrogram import WINDOW, Floats, resample, spectrogram
from dlstudio.data.audio.wave_file import READ_ERRORS, read_wave
from dlstudio.data.core.dataset import RawSamples
from dlstudio.data.files.images import decode_readable, find_files
from dlstudio.data.files.labelled_folder import read_labelled_folder
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
    return read_labelled_folder(request, find_sounds, _read_spectrograms, "sound", "WAV files")


def _read_spectrograms(
    paths: Sequence[Path], request: ReadRequest, warnings: list[str]
) -> tuple[Tensor, list[int]]:
    """Return the spectrograms of the readable sounds, and their indices in `paths`."""
    rate, seconds = request.options["rate"], request.options["seconds"]
    decode = partial(_read_spectrogram, rate=rate, seconds=seconds)
    readable = dict(decode_readable(paths, decode, request, warnings, "sounds"))
    spectrograms = np.stack(list(readable.values())) if readable else np.empty(0, np.float32)
    return torch.from_numpy(spectrograms), list(readable)


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
