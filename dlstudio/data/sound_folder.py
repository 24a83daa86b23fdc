"""Reads folders of WAV files, one sub-folder for each class, as spectrograms."""

from __future__ import annotations

import wave
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.class_folders import Labelled, find_class_folders
from dlstudio.data.errors import DataError
from dlstudio.data.parts import Cancelled, Part, Progress, Samples
from dlstudio.data.pictures import decoded, files_in
from dlstudio.data.spectrogram import WINDOW, Floats, resampled, spectrogram
from dlstudio.data.warning_lines import shortened

_ENDINGS = frozenset({".wav", ".wave"})
_BROKEN = (OSError, EOFError, ValueError, wave.Error)


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
    found = find_class_folders(path, sounds_in, "WAV files")
    read = partial(_read, options=options, progress=progress, cancelled=cancelled)
    warnings: list[str] = []
    train = read(found.train, warnings=warnings)
    if train is None:
        raise DataError(f"No sound in {found.root} can be read. First: {warnings[0]}.")
    test = None if found.test is None else read(found.test, warnings=warnings)
    told = tuple(shortened(warnings, "sounds"))
    return Samples(train, own_test=test, class_names=found.names, warnings=told)


def _read(
    listed: Labelled,
    options: Mapping[str, Any],
    progress: Progress,
    cancelled: Cancelled,
    warnings: list[str],
) -> Part | None:
    decode = partial(_picture, rate=options["rate"], seconds=options["seconds"])
    pictures: list[Floats] = []
    labels: list[int] = []
    results = decoded(listed.paths, decode, progress, cancelled, "sounds")
    for label, result in zip(listed.labels, results, strict=True):
        if isinstance(result, str):
            warnings.append(result)
            continue
        pictures.append(result)
        labels.append(label)
    if not labels:
        return None
    samples = torch.from_numpy(np.stack(pictures))
    return Part({"samples": samples}, torch.tensor(labels, dtype=torch.int64))


def _picture(path: Path, rate: int, seconds: float) -> Floats | str:
    """Return the spectrogram of a file's beginning, or a line that says why there is none."""
    try:
        sound, own_rate = read_wave(path, seconds)
    except _BROKEN as error:
        return f"{path}: {_why(error)}; left out"
    filled = np.zeros(max(round(seconds * rate), WINDOW))
    brought = resampled(sound, own_rate, rate)[: len(filled)]
    filled[: len(brought)] = brought
    return spectrogram(filled)


def _why(error: Exception) -> str:
    """Say in people's words what the library found wrong with a file."""
    if not isinstance(error, wave.Error):
        return str(error) or "the file ends too early"
    if "format" in str(error):
        return "a WAV file, but not of whole numbers; save it as 16-bit PCM"
    return "no WAV file"


def read_wave(path: Path, seconds: float) -> tuple[npt.NDArray[np.float64], int]:
    """Return the beginning of a WAV file in -1…1, its channels mixed, and its rate.

    Raises:
        wave.Error, EOFError, OSError, ValueError: It is no WAV file of whole numbers, or empty.
    """
    with wave.open(str(path), "rb") as file:
        channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
        raw = file.readframes(int(seconds * rate) + 1)
    if not raw or rate < 1:
        raise ValueError("the file holds no sound")
    whole = raw[: len(raw) // (channels * width) * channels * width]
    return _numbers(whole, width).reshape(-1, channels).mean(1), rate


def _numbers(raw: bytes, width: int) -> npt.NDArray[np.float64]:
    """Return samples in -1…1 out of little-endian whole numbers of 1 to 4 bytes."""
    if width == 1:
        return (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) / 128
    padded = np.zeros((len(raw) // width, 4), np.uint8)
    padded[:, 4 - width :] = np.frombuffer(raw, np.uint8).reshape(-1, width)
    return padded.view("<i4")[:, 0] / 2.0**31
