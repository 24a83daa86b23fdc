"""Loads torch's shared libraries without blocking the window."""

from __future__ import annotations

import ctypes
import importlib.util
from pathlib import Path


def preload_torch() -> None:
    """Load torch's libraries without holding the GIL, then import torch.

    A plain import holds the GIL in the dynamic loader and blocks the window.
    """
    spec = importlib.util.find_spec("torch")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "lib"
        for name in ("libtorch_cpu.so", "libtorch_python.so", "libtorch_cpu.dylib"):
            if (folder / name).exists():
                try:
                    ctypes.CDLL(str(folder / name), mode=ctypes.RTLD_GLOBAL)
                except OSError:
                    return
