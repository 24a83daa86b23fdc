"""Reads the sounds behind some spectrograms again, to draw their waveforms. Imports no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dlstudio.data.audio.wave_file import READ_ERRORS, read_wave
from dlstudio.data.audio.waveform import outline
from dlstudio.data.core.data_paths import resolve_data_path
from dlstudio.data.folders.class_folders import find_class_folders
from dlstudio.data.folders.sound_kind import SOUNDS
from dlstudio.data.sources.sources import SOURCES, parse_options
from dlstudio.design.model.data_settings import DataSettings

if TYPE_CHECKING:
    from dlstudio.data.core.dataset import DataSet

_SPANS = 160


def sound_outlines(
    settings: DataSettings, design_dir: str, dataset: DataSet, samples: list[int]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the outlines (N, 2, S) of training sounds, and their seconds (N,).

    Each outline is as long as the spectrograms; a shorter sound is followed by zeros. Both are
    empty for other data, and if a file has changed meanwhile.
    """
    nothing = np.empty((0, 2, 0), np.float32), np.empty(0, np.float32)
    rows = dataset.train.source_rows
    source = SOURCES.get(settings.source)
    if source is None or not source.has_sounds or rows is None:
        return nothing
    root = resolve_data_path(str(settings.options.get("path") or ""), design_dir)
    folders = find_class_folders(root, SOUNDS)
    parts = (folders.train, folders.validation, folders.test)
    paths = [path for part in parts for path in part.paths]
    seconds = float(parse_options(settings.source, settings.options)["seconds"])
    outlines, durations = [], []
    for sample in samples:
        try:
            sound, rate = read_wave(paths[int(rows[sample])], seconds)
        except (*READ_ERRORS, IndexError):
            return nothing
        outlines.append(outline(sound, max(round(seconds * rate), 1), _SPANS))
        durations.append(min(len(sound) / rate, seconds))
    return np.stack(outlines), np.array(durations, np.float32)
