"""Synthetic sounds as spectrograms: several waveforms, a rising tone and noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.audio.spectrogram import sample_count, spectrogram
from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.info.images import TONE_CLASSES, TONE_COLUMNS

_RATE = 8000
_LOWEST, _HIGHEST = 150.0, 1000.0

Wave = npt.NDArray[np.float64]


def read_tones(request: ReadRequest) -> RawSamples:
    """Return spectrograms `(N, 1, F, T)` with the waveform as their class.

    Frequency, amplitude and phase of each sound are random; equal options give equal sounds.
    """
    options = request.options
    count = options["samples"]
    rng = np.random.default_rng(options["seed"])
    labels = np.arange(count) % len(TONE_CLASSES)
    seconds = np.arange(sample_count(TONE_COLUMNS)) / _RATE
    spectrograms = []
    for label in labels:
        pitch = float(np.exp(rng.uniform(np.log(_LOWEST), np.log(_HIGHEST))))
        phase = pitch * seconds + rng.uniform()
        sound = _WAVES[TONE_CLASSES[label]](phase, rng) * rng.uniform(0.2, 1.0)
        spectrograms.append(spectrogram(sound + rng.normal(0, 1, len(sound)) * options["noise"]))
    subset = Subset({"samples": torch.from_numpy(np.stack(spectrograms))}, torch.from_numpy(labels))
    return RawSamples(subset, class_names=TONE_CLASSES)


def _sine(phase: Wave, _: np.random.Generator) -> Wave:
    return np.sin(2 * np.pi * phase)


def _square(phase: Wave, _: np.random.Generator) -> Wave:
    return np.where(phase % 1 < 0.5, 1.0, -1.0)


def _saw(phase: Wave, _: np.random.Generator) -> Wave:
    return 2 * (phase % 1) - 1


def _triangle(phase: Wave, _: np.random.Generator) -> Wave:
    return 4 * np.abs(phase % 1 - 0.5) - 1


def _rising(phase: Wave, rng: np.random.Generator) -> Wave:
    position = np.linspace(0, 1, len(phase))
    return np.sin(2 * np.pi * phase * (1 + rng.uniform(0.5, 1.5) * position))


def _noise(phase: Wave, rng: np.random.Generator) -> Wave:
    return rng.normal(0, 0.5, len(phase))


_WAVES: Mapping[str, Callable[[Wave, np.random.Generator], Wave]] = {
    "sine": _sine,
    "square": _square,
    "saw": _saw,
    "triangle": _triangle,
    "rising": _rising,
    "noise": _noise,
}
