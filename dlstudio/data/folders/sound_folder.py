"""Reads folders of WAV files, one sub-folder per class, as spectrograms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch

from dlstudio.data.audio.spectrogram import WINDOW, Floats, resample, spectrogram
from dlstudio.data.audio.wave_file import READ_ERRORS, read_wave
from dlstudio.data.core.dataset import RawSamples
from dlstudio.data.folders.image_decoding import decode_readable
from dlstudio.data.folders.labelled_folder import FilesRead, read_labelled_folder
from dlstudio.data.folders.sound_kind import SOUNDS
from dlstudio.data.sources.framework.read_request import ReadRequest


def read_sound_folder(request: ReadRequest) -> RawSamples:
    """Return all sounds below `path` as spectrograms; unreadable ones are left out.

    A folder that contains a folder for each subset (`train`, `val`, `test` …) has its own
    validation and test sets.

    Raises:
        DataError: There are no class folders, or no sound can be read.
        Cancelled: `cancelled` returned True.
    """
    return read_labelled_folder(request, SOUNDS, _read_spectrograms)


def _read_spectrograms(paths: Sequence[Path], request: ReadRequest) -> FilesRead:
    """Return the spectrograms of the readable sounds (N, 1, F, T)."""
    rate, seconds = request.options["rate"], request.options["seconds"]
    decode = partial(_read_spectrogram, rate=rate, seconds=seconds)
    files = FilesRead(torch.empty(0), [])
    readable = dict(decode_readable(paths, decode, request, files.left_out, SOUNDS.noun))
    files.rows = list(readable)
    if readable:
        files.samples = torch.from_numpy(np.stack(list(readable.values())))
    return files


def _read_spectrogram(path: Path, rate: int, seconds: float) -> Floats | str:
    """Return the spectrogram of a file's first `seconds`, or why it cannot be read."""
    try:
        sound, own_rate = read_wave(path, seconds)
    except OSError as error:
        return error.strerror or str(error)
    except READ_ERRORS as error:
        return str(error)
    padded = np.zeros(max(round(seconds * rate), WINDOW))
    signal = resample(sound, own_rate, rate)[: len(padded)]
    padded[: len(signal)] = signal
    return spectrogram(padded)
