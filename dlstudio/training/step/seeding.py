"""Seeds the randomness of the training forward pass (dropout) by seed and step."""

from __future__ import annotations

import torch

_MIX = 0x9E3779B97F4A7C15
_MASK = 0x7FFF_FFFF_FFFF_FFFF


def mix_seed(seed: int, step: int) -> int:
    """Return a seed that differs for every step (one splitmix64 round)."""
    value = (seed * 0xD1342543DE82EF95 + step * _MIX + _MIX) & 0xFFFF_FFFF_FFFF_FFFF
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFF_FFFF_FFFF_FFFF
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & 0xFFFF_FFFF_FFFF_FFFF
    return (value ^ (value >> 31)) & _MASK


class StepSeed:
    """Reseeds the device's default generator before each step.

    `torch.manual_seed` seeds every backend and takes 110 µs; seeding one generator takes 1 µs.
    """

    def __init__(self, seed: int, device: torch.device) -> None:
        """Find the generator that dropout on `device` uses."""
        self._seed = seed
        self._generator = torch.default_generator
        if device.type == "cuda":
            torch.cuda.init()
            index = torch.cuda.current_device() if device.index is None else device.index
            self._generator = torch.cuda.default_generators[index]
        elif device.type == "mps":
            self._generator = torch.mps._get_default_mps_generator()

    def __call__(self, step: int) -> None:
        """Seed the generator for a step."""
        self._generator.manual_seed(mix_seed(self._seed, step))
