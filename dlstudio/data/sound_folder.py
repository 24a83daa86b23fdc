"""Reads folders of WAV files, one sub-folder for each class, as spectrograms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dlstudio.data.class_folders import Labelled, find_class_folders
from dlstudio.data.errors import DataError
from dlstudio.data.parts import Cancelled, Part, Progress, Samples
from dlstudio.data.pictures import decoded, files_in
from dlstudio.data.spectrogram import WINDOW, Floats, resampled, spectrogram
from dlstudio.data.warning_lines import shortened
from dlstudio.data.wave_file import BROKEN, read_wave

_ENDINGS = frozenset({".wav", ".wave"})


def sounds_in(folder: Path) -> list[Path]:
    """Return the WAV files anywhere below a folder, sorted."""
    return files_in(folder, _ENDINGS)


def read_sound_folder(
    path: Path, options: Mapping[str, Any], progress: Progress, cancelled: Cancelled
) -> Samples:
    """Return all sounds below `path` as spectrograms; broken ones are left out and told.

    A folder that holds `train` and `test` folders of classes brings its own test part.

    Raises:
        DataError: There are no class folders, or no sound can be read.
        Cancelled: `cancelled` said so.
    """
    folders = find_class_folders(path, sounds_in, "WAV files")
    read = partial(_read, options=options, progress=progress, cancelled=cancelled)
    warnings: list[str] = []
    train = read(folders.train, warnings=warnings)
    if train is None:
        raise DataError(f"No sound in {folders.root} can be read. First: {warnings[0]}.")
    test = None if folders.test is None else read(folders.test, warnings=warnings)
    lines = tuple(shortened(warnings, "sounds"))
    return Samples(train, own_test=test, class_names=folders.names, warnings=lines)


def _read(
    listed: Labelled,
    options: Mapping[str, Any],
    progress: Progress,
    cancelled: Cancelled,
    warnings: list[str],
) -> Part | None:
    decode = partial(_picture, rate=options["rate"], seconds=options["seconds"])
    spectrograms: list[Floats] = []
    labels: list[int] = []
    results = decoded(listed.paths, decode, progress, cancelled, "sounds")
    for label, result in zip(listed.labels, results, strict=True):
        if isinstance(result, str):
            warnings.append(result)
            continue
        spectrograms.append(result)
        labels.append(label)
    if not labels:
        return None
    samples = torch.from_numpy(np.stack(spectrograms))
    return Part({"samples": samples}, torch.tensor(labels, dtype=torch.int64))


def _picture(path: Path, rate: int, seconds: float) -> Floats | str:
    """Return the spectrogram of a file's beginning, or a line that says why there is none."""
    try:
        sound, own_rate = read_wave(path, seconds)
    except BROKEN as error:
        return f"{path}: {error}; left out"
    padded = np.zeros(max(round(seconds * rate), WINDOW))
    signal = resampled(sound, own_rate, rate)[: len(padded)]
    padded[: len(signal)] = signal
    return spectrogram(padded)
