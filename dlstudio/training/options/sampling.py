"""Sampling from a network: the request in plain values, the result as tensors.

Does not import torch, because the window creates requests before torch is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def _ignore_progress(_share: float) -> None:
    """Do nothing with a progress report."""


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """A request for samples; each task uses the fields it supports.

    Attributes:
        seed: Seed of all randomness.
        count: Number of samples.
        temperature: Below 1 favours likely tokens, above 1 unlikely ones.
        top_k: Number of most likely tokens to choose from; 0 for all.
        sampler: Name of a sampler, empty for the task's default.
        steps: Steps of the sampler; 0 for its default.
        label: Class of the samples, -1 for any.
        latent: Position in the latent space instead of a random one.
        explore_latent: Whether to return one sample with its latent space.
        start: Index of a sample, or seed of the noise, at the start of an interpolation.
        end: The same for its end.
        prompt: Tokens to continue; padding tokens mark those to fill in.
        text: The prompt as typed, before it is tokenised.
        on_progress: Called with the completed share; an exception it raises cancels the sampling.
    """

    seed: int = 0
    count: int = 16
    temperature: float = 1.0
    top_k: int = 0
    sampler: str = ""
    steps: int = 0
    label: int = -1
    latent: tuple[float, ...] = ()
    explore_latent: bool = False
    start: int = 0
    end: int = 1
    prompt: tuple[int, ...] = ()
    text: str = ""
    on_progress: Callable[[float], None] = field(
        default=_ignore_progress, compare=False, repr=False
    )


@dataclass(frozen=True, slots=True)
class GeneratedSamples:
    """Samples from a network.

    Attributes:
        form: `samples` (tensor `generated`: normalised samples), `way` (the same, interpolated),
            `pairs` (tensors `given`, `made` and optionally `wanted`: normalised samples), `masks`
            (`given` as before; `made` and optionally `wanted`: classes `(N, H, W)`), or tokens
            `(N, T)` in `generated`, `given` and optionally `wanted`: `continued` (tokens after
            the given ones), `filled` (masked tokens filled in) or `translated` (a sequence up to
            a padding token).
        tensors: Tensors by name, on any device; the first axis counts the samples.
    """

    form: str
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
