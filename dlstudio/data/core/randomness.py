"""Independent random generators, each seeded from a tuple of keys."""

from __future__ import annotations

import hashlib

import torch


def seeded_generator(*keys: int | str) -> torch.Generator:
    """Return a CPU generator whose seed is a hash of all `keys`."""
    text = "/".join(map(str, keys)).encode()
    seed = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") >> 1
    return torch.Generator().manual_seed(seed)
