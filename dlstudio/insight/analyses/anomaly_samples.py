"""Anomalous samples in the form of normal ones: noise, or samples of other data."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from dlstudio.data.core.dataset import Subset
from dlstudio.data.core.progress import ProgressCallback
from dlstudio.data.load import load_data
from dlstudio.data.sources.sources import find_source
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.insight.analyses.anomaly_views import NOISE, AnomalySource

MAX_SAMPLES = 2000
"""Largest number of samples of each kind."""
_SAMPLES = "samples"


def anomalous_subset(
    source: AnomalySource,
    normal_subset: Subset,
    progress: ProgressCallback,
    data_dir: str = "",
    design_dir: str = "",
) -> Subset:
    """Return anomalous samples in the form of normal ones, whose other inputs are kept.

    Args:
        source: The source of the anomalous samples.
        normal_subset: The normal samples, raw.
        progress: Called with a message; an exception it raises cancels.
        data_dir: Folder of downloads.
        design_dir: Base folder of relative paths.

    Raises:
        ValueError: The samples cannot be converted to this form.
        DataError: The samples cannot be loaded.
    """
    normal = normal_subset.inputs.get(_SAMPLES)
    if normal is None or not (normal.dtype == torch.uint8 or normal.is_floating_point()):
        raise ValueError("Anomalies can be tested only for images and rows of numbers.")
    progress("Loading anomalous samples", None)
    if source.name == NOISE:
        anomalous = _noise(normal, source.seed)
    else:
        settings = DataSettings(source.name, dict(source.options))
        data = load_data(settings, data_dir=data_dir, design_dir=design_dir, progress=progress)
        samples = data.train.inputs.get(_SAMPLES)
        title = find_source(source.name).title
        if samples is None:
            raise ValueError(f"{title} has no numeric samples. Choose another data set.")
        anomalous = _match_form(_take_evenly(samples, MAX_SAMPLES), normal, title)
    rows = torch.arange(len(anomalous)) % len(normal)
    others = {role: raw[rows] for role, raw in normal_subset.inputs.items() if role != _SAMPLES}
    return Subset({**others, _SAMPLES: anomalous})


def _take_evenly(samples: Tensor, limit: int) -> Tensor:
    """Return at most `limit` evenly spaced samples, because neighbours may be similar."""
    return samples[:: max(-(-len(samples) // limit), 1)]


def _noise(normal: Tensor, seed: int) -> Tensor:
    """Return noise of the same shape: uniform pixels, or Gaussian features with equal moments."""
    generator = torch.Generator().manual_seed(seed)
    if normal.dtype == torch.uint8:
        return torch.randint(0, 256, normal.shape, generator=generator, dtype=torch.uint8)
    spread, mean = torch.std_mean(normal.double(), 0, correction=0)
    noise = torch.empty(normal.shape, dtype=torch.float64).normal_(generator=generator)
    return (mean + spread * noise).to(normal.dtype)


def _match_form(samples: Tensor, normal: Tensor, title: str) -> Tensor:
    """Return samples in the form of normal ones: images are resized, their channels adapted."""
    if samples.ndim == 4 and normal.ndim == 4:
        brightness = functional.interpolate(
            _match_channels(_brightness(samples), normal.shape[1]),
            size=normal.shape[2:],
            mode="bilinear",
            antialias=True,
        ).clamp(0, 1)
        if normal.dtype == torch.uint8:
            return (255 * brightness).round().to(torch.uint8)
        low, high = normal.min(), normal.max()
        return (low + brightness * (high - low)).to(normal.dtype)
    if samples.shape[1:] != normal.shape[1:]:
        raise ValueError(
            f"{title} has samples of {_shape_text(samples)}, but this network takes "
            f"{_shape_text(normal)}. Choose data of the same shape."
        )
    return samples.to(normal.dtype)


def _brightness(images: Tensor) -> Tensor:
    """Return brightness from 0 to 1."""
    if images.dtype == torch.uint8:
        return images.float() / 255
    low, high = images.min(), images.max()
    return ((images - low) / (high - low).clamp_min(1e-12)).float()


def _match_channels(images: Tensor, count: int) -> Tensor:
    """Return images with another number of channels: their mean, repeated."""
    if images.shape[1] == count:
        return images
    return images.mean(1, keepdim=True).expand(-1, count, -1, -1)


def _shape_text(samples: Tensor) -> str:
    return "×".join(map(str, samples.shape[1:]))
