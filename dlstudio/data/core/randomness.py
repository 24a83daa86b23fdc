"""Seeds for this and that, mixed from plain numbers so that no two streams are alike."""

from __future__ import annotations

import hashlib

import torch


def seeded_generator(*keys: int | str) -> torch.Generator:
    """Return a CPU generator that depends on all `keys` and on nothing else."""
    text = "/".join(map(str, keys)).encode()
    seed = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") >> 1
    return torch.Generator().manual_seed(seed)
