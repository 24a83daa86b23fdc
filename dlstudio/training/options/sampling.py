"""What a trained network can show of its own: asked for in plain values, given as tensors.

Does not import torch: a window asks before it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def _ignore_progress(_share: float) -> None:
    """Let nobody follow."""


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """What is wanted; each task uses what it knows of.

    Attributes:
        seed: Of everything that is drawn.
        count: How many samples.
        temperature: Below 1 the likeliest is preferred, above 1 the unlikely comes up more often.
        top_k: Choose among that many likeliest tokens; 0 among all.
        sampler: Name of a sampler, empty for the task's usual one.
        steps: Steps of a sampler; 0 for its usual number.
        label: Class that is wanted, -1 for any.
        latent: Position in the latent space instead of a random one.
        explore_latent: Whether one sample is wanted that can be moved through the latent space.
        start: Sample of the data, or seed of the noise, that an interpolation begins with.
        end: That which it ends with.
        prompt: Tokens to go on from; the blank where one is to be filled in.
        text: The prompt as a person typed it, before it is cut into tokens.
        on_progress: Told the share that is done, now and then; what it raises ends the making.
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
    """What came out.

    Attributes:
        form: `samples` (tensor `generated`, as the data's samples, normalised), `way` (likewise,
            from one sample to another), `pairs` (tensors `given`, `made` and perhaps `wanted`,
            likewise), `masks` (`given` likewise; `made` and perhaps `wanted`, classes `(N, H, W)`),
            or tokens, whole numbers `(N, T)` called `generated`, `given` and perhaps `wanted`:
            `continued` (written behind the given ones), `filled` (written into their blanks) or
            `translated` (written up to a blank).
        tensors: By name, on any device; the first axis counts the samples.
    """

    form: str
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
