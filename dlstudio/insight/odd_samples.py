"""Samples that a network was not made for, in the form of those that it was: noise, other data."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.load import load_data
from dlstudio.data.parts import Part, Progress
from dlstudio.data.sources import find_source
from dlstudio.design.data_settings import DataSettings
from dlstudio.insight.anomaly_views import NOISE, OddChoice

MOST = 2000
"""So many samples of each sort tell enough."""
_SAMPLES = "samples"


def odd_part(
    choice: OddChoice, like: Part, progress: Progress, data_dir: str = "", design_dir: str = ""
) -> Part:
    """Return odd samples in the form of usual ones; further inputs are those of usual samples.

    Args:
        choice: Where they come from.
        like: The usual samples, raw.
        progress: Told what goes on; what it raises ends the work.
        data_dir: Folder of downloads.
        design_dir: Folder that relative paths start from.

    Raises:
        ValueError: They cannot be brought into this form.
        DataError: They cannot be had.
    """
    normal = like.inputs.get(_SAMPLES)
    if normal is None or not (normal.dtype == torch.uint8 or normal.is_floating_point()):
        raise ValueError("Odd samples are made for pictures and rows of numbers only.")
    progress("Fetching odd samples", None)
    if choice.source == NOISE:
        anomalous = _noise(normal, choice.seed)
    else:
        settings = DataSettings(choice.source, dict(choice.options))
        data = load_data(settings, data_dir=data_dir, design_dir=design_dir, progress=progress)
        samples = data.train.inputs.get(_SAMPLES)
        title = find_source(choice.source).title
        if samples is None:
            raise ValueError(f"{title} has no samples of numbers. Choose other odd samples.")
        anomalous = _fitted(_evenly(samples, MOST), normal, title)
    rows = torch.arange(len(anomalous)) % len(normal)
    others = {role: raw[rows] for role, raw in like.inputs.items() if role != _SAMPLES}
    return Part({**others, _SAMPLES: anomalous})


def _evenly(samples: Tensor, most: int) -> Tensor:
    """Return at most so many samples, of the whole order: neighbours may be alike."""
    return samples[:: max(-(-len(samples) // most), 1)]


def _noise(usual: Tensor, seed: int) -> Tensor:
    """Return as many samples of noise: any value of a pixel, features as wide as usual ones."""
    generator = torch.Generator().manual_seed(seed)
    if usual.dtype == torch.uint8:
        return torch.randint(0, 256, usual.shape, generator=generator, dtype=torch.uint8)
    spread, mean = torch.std_mean(usual.double(), 0, correction=0)
    noise = torch.empty(usual.shape, dtype=torch.float64).normal_(generator=generator)
    return (mean + spread * noise).to(usual.dtype)


def _fitted(found: Tensor, usual: Tensor, title: str) -> Tensor:
    """Return samples in the form of usual ones: pictures are scaled, their channels adapted."""
    if found.ndim == 4 and usual.ndim == 4:
        brightness = functional.interpolate(
            _channels(_shares(found), usual.shape[1]),
            size=usual.shape[2:],
            mode="bilinear",
            antialias=True,
        ).clamp(0, 1)
        if usual.dtype == torch.uint8:
            return (255 * brightness).round().to(torch.uint8)
        low, high = usual.min(), usual.max()
        return (low + brightness * (high - low)).to(usual.dtype)
    if found.shape[1:] != usual.shape[1:]:
        raise ValueError(
            f"{title} has samples of {_shape(found)}, and this network takes {_shape(usual)}. "
            "Choose odd samples of the same form."
        )
    return found.to(usual.dtype)


def _shares(pictures: Tensor) -> Tensor:
    """Return brightness from 0 to 1."""
    if pictures.dtype == torch.uint8:
        return pictures.float() / 255
    low, high = pictures.min(), pictures.max()
    return ((pictures - low) / (high - low).clamp_min(1e-12)).float()


def _channels(pictures: Tensor, count: int) -> Tensor:
    """Return pictures of another number of channels: their mean, as often as needed."""
    if pictures.shape[1] == count:
        return pictures
    return pictures.mean(1, keepdim=True).expand(-1, count, -1, -1)


def _shape(samples: Tensor) -> str:
    return "×".join(map(str, samples.shape[1:]))
