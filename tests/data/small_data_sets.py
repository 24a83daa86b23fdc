"""Tiny files in the format of the large downloads."""

import gzip

import numpy as np

from dlstudio.data.sources.specs import downloads


def idx_bytes(array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return header + array.tobytes()


def small_mnist(count=40, test=20):
    """Return the four gzipped files of a random MNIST, by name."""
    rng = np.random.default_rng(0)
    arrays = [
        rng.integers(0, 256, (count, 28, 28), np.uint8),
        (np.arange(count) % 10).astype(np.uint8),
        rng.integers(0, 256, (test, 28, 28), np.uint8),
        (np.arange(test) % 10).astype(np.uint8),
    ]
    names = [file.name for file in downloads.MNIST.remote.files]
    return {name: gzip.compress(idx_bytes(a)) for name, a in zip(names, arrays, strict=True)}
