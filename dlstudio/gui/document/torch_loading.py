"""Loads torch's shared libraries in a way that lets the window go on."""

from __future__ import annotations

import ctypes
import importlib.util
from pathlib import Path


def preload_torch() -> None:
    """Load torch's libraries without holding the interpreter, then import torch.

    A plain import would stand still in the dynamic loader while the window waits for it.
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
