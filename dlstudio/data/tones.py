"""Made-up sounds as spectrograms: waves of different form, a rising tone and noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dlstudio.data.facts import TONE_CLASSES, TONE_COLUMNS
from dlstudio.data.parts import Part, Samples
from dlstudio.data.spectrogram import length_of, spectrogram

_RATE = 8000
_LOWEST, _HIGHEST = 150.0, 1000.0

Wave = npt.NDArray[np.float64]


def read_tones(options: Mapping[str, Any]) -> Samples:
    """Return spectrograms `(N, 1, F, T)` with the form of each wave as its class.

    Pitch, loudness and start of each sound are drawn; the same options give the same sounds.
    """
    count = options["samples"]
    rng = np.random.default_rng(options["seed"])
    labels = np.arange(count) % len(TONE_CLASSES)
    seconds = np.arange(length_of(TONE_COLUMNS)) / _RATE
    spectrograms = []
    for label in labels:
        pitch = float(np.exp(rng.uniform(np.log(_LOWEST), np.log(_HIGHEST))))
        phase = pitch * seconds + rng.uniform()
        sound = _WAVES[TONE_CLASSES[label]](phase, rng) * rng.uniform(0.2, 1.0)
        spectrograms.append(spectrogram(sound + rng.normal(0, 1, len(sound)) * options["noise"]))
    subset = Part({"samples": torch.from_numpy(np.stack(spectrograms))}, torch.from_numpy(labels))
    return Samples(subset, class_names=TONE_CLASSES)


def _sine(turns: Wave, _: np.random.Generator) -> Wave:
    return np.sin(2 * np.pi * turns)


def _square(turns: Wave, _: np.random.Generator) -> Wave:
    return np.where(turns % 1 < 0.5, 1.0, -1.0)


def _saw(turns: Wave, _: np.random.Generator) -> Wave:
    return 2 * (turns % 1) - 1


def _triangle(turns: Wave, _: np.random.Generator) -> Wave:
    return 4 * np.abs(turns % 1 - 0.5) - 1


def _rising(turns: Wave, source: np.random.Generator) -> Wave:
    position = np.linspace(0, 1, len(turns))
    return np.sin(2 * np.pi * turns * (1 + source.uniform(0.5, 1.5) * position))


def _noise(turns: Wave, source: np.random.Generator) -> Wave:
    return source.normal(0, 0.5, len(turns))


_WAVES: Mapping[str, Callable[[Wave, np.random.Generator], Wave]] = {
    "sine": _sine,
    "square": _square,
    "saw": _saw,
    "triangle": _triangle,
    "rising": _rising,
    "noise": _noise,
}
