"""Noise schedules of diffusion: adding noise, prediction targets, and sampler steps.

Time steps count from 0, nearly clean, to T − 1, nearly pure noise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

_REFERENCE_STEPS = 1000
_MIN_SIGNAL = 0.005
"""Samplers start where √ᾱ is at least this: below it, a cosine schedule would divide by nearly 0
and amplify the network's error."""


def betas(schedule: str, steps: int) -> Tensor:
    """Return the variance β of the noise that each step adds, as doubles `(T,)`.

    `linear` rises from 1e-4 to 0.02 (Ho et al. 2020, "Denoising diffusion probabilistic models"),
    scaled by 1000 / T. `cosine` makes the remaining signal, ᾱ(t), follow
    `cos²((t / T + s) / (1 + s) · π / 2)` with s = 0.008 (Nichol and Dhariwal 2021, "Improved
    denoising diffusion probabilistic models", equation 17). No β is above 0.999.
    """
    if schedule == "cosine":
        fraction = torch.arange(steps + 1, dtype=torch.float64) / steps
        alpha_bar = torch.cos((fraction + 0.008) / 1.008 * math.pi / 2).square()
        return (1 - alpha_bar[1:] / alpha_bar[:-1]).clamp(max=0.999)
    scale = _REFERENCE_STEPS / steps
    return torch.linspace(scale * 1e-4, scale * 0.02, steps, dtype=torch.float64).clamp(max=0.999)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimates of the noise and of the clean sample in a noisy one."""

    noise: Tensor
    clean: Tensor


class NoiseSchedule:
    """The coefficients of a schedule, and the formulas that use them."""

    def __init__(
        self, schedule: str, steps: int, predicts: str, device: torch.device | str = "cpu"
    ) -> None:
        """Compute the schedule; `predicts` is `noise` or `v`."""
        alpha_bar = torch.cumprod(1 - betas(schedule, steps), 0)
        self.steps = steps
        self.alpha_bars: tuple[float, ...] = tuple(alpha_bar.tolist())
        """ᾱ of each time step."""
        self._predicts_v = predicts == "v"
        self._signal_scale = alpha_bar.sqrt().float().to(device)
        self._noise_scale = (1 - alpha_bar).sqrt().float().to(device)

    def add_noise(self, clean: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Return samples of q(x_t | x_0): `√ᾱ x_0 + √(1 − ᾱ) ε`, Ho et al. 2020, equation 4.

        Args:
            clean: Samples `(B, …)`.
            noise: Standard normal numbers of the same shape.
            times: Time step of each sample `(B,)`.
        """
        signal, spread = self._coefficients(clean, times)
        return signal * clean + spread * noise

    def target(self, clean: Tensor, noise: Tensor, times: Tensor) -> Tensor:
        """Return the prediction target: ε, or `v = √ᾱ ε − √(1 − ᾱ) x_0`.

        Source of v: Salimans and Ho 2022, "Progressive distillation for fast sampling of
        diffusion models", appendix D.
        """
        if not self._predicts_v:
            return noise
        signal, spread = self._coefficients(clean, times)
        return signal * noise - spread * clean

    def mean_square_of_target(self, power: float) -> float:
        """Return the expected square of the prediction target over all time steps.

        Args:
            power: Mean square of the clean samples.
        """
        if not self._predicts_v:
            return 1.0
        signal = sum(self.alpha_bars) / self.steps
        return signal + (1 - signal) * power

    def estimate(self, prediction: Tensor, noisy: Tensor, time: int) -> Estimate:
        """Return estimates of noise and clean sample from the prediction for a noisy one."""
        signal, spread = math.sqrt(self.alpha_bars[time]), math.sqrt(1 - self.alpha_bars[time])
        if self._predicts_v:
            return Estimate(
                signal * prediction + spread * noisy, signal * noisy - spread * prediction
            )
        return Estimate(prediction, (noisy - spread * prediction) / signal)

    def denoise_step(
        self, estimate: Estimate, time: int, previous: int, noise: Tensor | None = None
    ) -> Tensor:
        """Return samples at an earlier time step, −1 for clean ones.

        Without noise this is a DDIM step, which is deterministic; with it a DDPM step, with the
        variance `(1 − ᾱ_s) / (1 − ᾱ_t) · (1 − ᾱ_t / ᾱ_s)` (Song et al. 2021, "Denoising diffusion
        implicit models", equations 12 and 16 with η = 0 and 1).
        """
        alpha_bar, previous_alpha_bar = (
            self.alpha_bars[time],
            self.alpha_bars[previous] if previous >= 0 else 1.0,
        )
        if noise is None:
            return (
                math.sqrt(previous_alpha_bar) * estimate.clean
                + math.sqrt(1 - previous_alpha_bar) * estimate.noise
            )
        variance = (1 - previous_alpha_bar) / (1 - alpha_bar) * (1 - alpha_bar / previous_alpha_bar)
        noise_scale = math.sqrt(max(1 - previous_alpha_bar - variance, 0.0))
        return (
            math.sqrt(previous_alpha_bar) * estimate.clean
            + noise_scale * estimate.noise
            + math.sqrt(variance) * noise
        )

    def sampling_timesteps(self, count: int) -> list[int]:
        """Return about `count` time steps, from nearly pure noise down to 0."""
        last = max(
            (
                time
                for time, alpha_bar in enumerate(self.alpha_bars)
                if math.sqrt(alpha_bar) >= _MIN_SIGNAL
            ),
            default=0,
        )
        count = min(count, last + 1)
        if count == 1:
            return [last]
        return [round(last * index / (count - 1)) for index in reversed(range(count))]

    def _coefficients(self, samples: Tensor, times: Tensor) -> tuple[Tensor, Tensor]:
        shape = (len(samples), *[1] * (samples.ndim - 1))
        return self._signal_scale[times].reshape(shape), self._noise_scale[times].reshape(shape)
