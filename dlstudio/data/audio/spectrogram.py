"""Computes spectrograms: loudness by frequency and time. Does not import torch."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

WINDOW, HOP = 128, 64
BINS = WINDOW // 2
"""Rows of a spectrogram: frequencies from half the sample rate down, without 0 Hz."""
FLOOR_DB = -80.0


def frame_count(length: int) -> int:
    """Return the number of columns in the spectrogram of `length` samples."""
    return 1 + max(length - WINDOW, 0) // HOP


def sample_count(frames: int) -> int:
    """Return the number of samples that give `frames` columns."""
    return WINDOW + (frames - 1) * HOP


def spectrogram(sound: npt.NDArray[np.floating]) -> Floats:
    """Return loudness in decibels `(1, BINS, T)`, high frequencies in the first row.

    A short-time Fourier transform with a Hann window. A full-scale sine has 0 dB; values below
    `FLOOR_DB` are raised to it.

    Args:
        sound: Samples in -1…1 `(L,)`, padded with silence to at least one window.
    """
    padded = np.zeros(max(len(sound), WINDOW))
    padded[: len(sound)] = sound
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    hann = np.hanning(WINDOW + 1)[:-1]
    loudness = np.abs(np.fft.rfft(windows * hann, axis=1))[:, 1:] * (2 / hann.sum())
    decibels = 20 * np.log10(np.maximum(loudness, 10 ** (FLOOR_DB / 20)))
    return np.ascontiguousarray(decibels.T[None, ::-1], np.float32)


def resample(sound: npt.NDArray[np.floating], rate: int, new_rate: int) -> npt.NDArray[np.float64]:
    """Return a sound at another sample rate, by truncating or zero-padding its spectrum.

    Frequencies above half the new rate are removed, so there is no aliasing.
    """
    count = max(round(len(sound) * new_rate / rate), 1)
    if rate == new_rate or not len(sound):
        return sound.astype(np.float64)
    spectrum = np.fft.rfft(sound)
    resized = np.zeros(count // 2 + 1, spectrum.dtype)
    shared = min(len(spectrum), len(resized))
    resized[:shared] = spectrum[:shared]
    return np.fft.irfft(resized, count) * (count / len(sound))
