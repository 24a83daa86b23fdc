"""Turns raw samples into network inputs, using statistics of the training data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from dlstudio.data.core.errors import DataError
from dlstudio.design.model.data_settings import DataSettings

MODES = ("none", "unit", "standardise", "fixed")
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Affine:
    """`x · scale + shift`, with one value per channel `(C, 1, 1)` or feature `(F,)`."""

    scale: Tensor
    shift: Tensor

    def apply(self, raw: Tensor) -> Tensor:
        """Return raw samples of any numeric dtype as normalised float32, on their device."""
        floats = raw.to(torch.float32, copy=True)
        return floats.mul_(self.scale.to(raw.device)).add_(self.shift.to(raw.device))

    def to(self, device: torch.device) -> Affine:
        """Return a copy with scale and shift on `device`."""
        return Affine(self.scale.to(device), self.shift.to(device))

    def flat(self) -> Affine:
        """Return the transform of the same values in one axis."""
        return Affine(self.scale.reshape(-1), self.shift.reshape(-1))

    def undo(self, samples: Tensor) -> Tensor:
        """Return raw values, as floats, of normalised samples."""
        return (samples - self.shift.to(samples.device)) / self.scale.to(samples.device)


@dataclass(frozen=True, slots=True)
class Normaliser:
    """The transform of each input role; other roles (such as tokens) are left unchanged."""

    roles: Mapping[str, Affine] = field(default_factory=dict)

    def apply(self, role: str, raw: Tensor) -> Tensor:
        """Return the network input of a role's raw samples."""
        return self.roles[role].apply(raw) if role in self.roles else raw

    def to(self, device: torch.device) -> Normaliser:
        """Return a copy on `device`, so that no batch waits for a transfer."""
        return Normaliser({role: affine.to(device) for role, affine in self.roles.items()})

    def undo(self, role: str, samples: Tensor) -> Tensor:
        """Return the raw values of a role's network input."""
        return self.roles[role].undo(samples) if role in self.roles else samples


def fit_normaliser(
    inputs: Mapping[str, Tensor], settings: DataSettings, indicators: frozenset[int] = frozenset()
) -> Normaliser:
    """Fit the normaliser that the settings ask for to the `inputs` of the training data.

    Raises:
        DataError: The mode is unknown, or fixed statistics do not match the samples.
    """
    if settings.normalise not in MODES:
        known = ", ".join(MODES)
        raise DataError(f"Normalisation must be one of {known}, not {settings.normalise!r}.")
    numeric = {
        role: raw
        for role, raw in inputs.items()
        if raw.dtype == torch.uint8 or raw.is_floating_point()
    }
    return Normaliser(
        {role: _fit_affine(raw, settings, indicators) for role, raw in numeric.items()}
    )


def fit_target(target: Tensor) -> Affine:
    """Return the transform of values (N, …) to mean 0 and standard deviation 1 of each column."""
    flat = target.double().reshape(len(target), -1)
    spread = flat.std(0, correction=0)
    spread[~(1 / spread).float().isfinite()] = 1.0
    scale, shift = 1 / spread, -flat.mean(0) / spread
    shape = target.shape[1:]
    return Affine(scale.float().reshape(shape), shift.float().reshape(shape))


def _fit_affine(raw: Tensor, settings: DataSettings, indicators: frozenset[int]) -> Affine:
    full_scale = 255.0 if raw.dtype == torch.uint8 else 1.0
    channels = raw.shape[1] if raw.ndim > 1 else 1
    if settings.normalise == "fixed":
        centre, spread = _fixed_statistics(settings, channels, full_scale)
    elif settings.normalise == "standardise":
        centre, spread = mean_and_deviation(raw)
    elif settings.normalise == "unit" and raw.dtype == torch.uint8:
        centre, spread = torch.zeros(channels), torch.full((channels,), full_scale)
    elif settings.normalise == "unit":
        low, high = raw.double().amin(_reduced_axes(raw)), raw.double().amax(_reduced_axes(raw))
        centre, spread = low, high - low
    else:
        centre, spread = torch.zeros(channels), torch.ones(channels)
    centre, spread = centre.double().clone(), spread.double().clone()
    spread[~(1 / spread).float().isfinite()] = 1.0
    if raw.ndim == 2 and settings.normalise != "fixed":
        for feature in indicators:
            centre[feature], spread[feature] = 0.0, 1.0
    shape = (channels, *[1] * (raw.ndim - 2)) if raw.ndim > 1 else ()
    return Affine((1 / spread).float().reshape(shape), (-centre / spread).float().reshape(shape))


def _reduced_axes(raw: Tensor) -> tuple[int, ...]:
    """Return all axes except that of channels or features."""
    return (0, *range(2, raw.ndim))


def mean_and_deviation(raw: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and (population) deviation per channel or feature, as doubles.

    Integers are summed exactly, so that the number of threads does not change the result.
    """
    axes = _reduced_axes(raw)
    count = raw.numel() // max(raw.shape[1] if raw.ndim > 1 else 1, 1)
    if raw.dtype != torch.uint8:
        values = raw.double()
        mean = values.mean(axes)
        return mean, (values.square().mean(axes) - mean.square()).clamp_min(0).sqrt()
    total: Tensor | int = 0
    squares: Tensor | int = 0
    for chunk in raw.split(_CHUNK):
        integers = chunk.to(torch.int32)
        total = total + integers.sum(axes, dtype=torch.int64)
        squares = squares + integers.square().sum(axes, dtype=torch.int64)
    mean = torch.as_tensor(total).double() / count
    variance = torch.as_tensor(squares).double() / count - mean.square()
    return mean, variance.clamp_min(0).sqrt()


def _fixed_statistics(
    settings: DataSettings, channels: int, full_scale: float
) -> tuple[Tensor, Tensor]:
    """Return mean and deviation from the settings; those of images refer to values in 0…1."""
    expanded = []
    for name, values in (("mean", settings.mean), ("deviation", settings.deviation)):
        if len(values) not in (1, channels):
            raise DataError(
                f"Fixed normalisation needs 1 or {channels} values for the {name} of these "
                f"samples, not {len(values)}."
            )
        expanded.append(torch.tensor(values, dtype=torch.float64).expand(channels) * full_scale)
    if bool((expanded[1] <= 0).any()):
        raise DataError("Fixed normalisation needs deviations above 0.")
    return expanded[0], expanded[1]
