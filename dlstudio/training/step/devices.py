"""The compute device of a run, its precision and its threads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch

from dlstudio.training.options.training_options import DEVICES
from dlstudio.training.specs.run_settings import RUN_SETTINGS


def is_available(name: str) -> bool:
    """Whether the device is available."""
    if name == "cuda":
        return torch.cuda.is_available()
    if name == "mps":
        return torch.backends.mps.is_available()
    return name == "cpu"


def choose_device(name: str) -> tuple[torch.device, tuple[str, ...]]:
    """Return the device, and warnings for the user about the choice.

    Raises:
        ValueError: The name is unknown.
    """
    RUN_SETTINGS["device"].parse(name)
    if name == "auto":
        best = next(kind for kind in ("cuda", "mps", "cpu") if is_available(kind))
        return torch.device(best), ()
    if is_available(name):
        return torch.device(name), ()
    return torch.device("cpu"), (f"Device {name} is not available; using the CPU.",)


def core_count() -> int:
    """Return the number of cores available to this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Set torch's threads for the calling thread, and restore their number on exit."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def deterministic_algorithms(device: torch.device, enabled: bool) -> Iterator[None]:
    """Use only deterministic GPU algorithms, if `enabled`."""
    if not enabled or device.type == "cpu":
        yield
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    benchmark = torch.backends.cudnn.benchmark
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.backends.cudnn.benchmark = False
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(False)
        torch.backends.cudnn.benchmark = benchmark


class Precision:
    """Mixed precision, if requested and supported by the device.

    Uses bfloat16 if the device supports it; float16 needs `scaler` to preserve small gradients.
    """

    def __init__(self, device: torch.device, mixed: bool) -> None:
        self._device = device.type
        self._type: torch.dtype | None = None
        if mixed and device.type == "cuda":
            bf16 = torch.cuda.is_bf16_supported()
            self._type = torch.bfloat16 if bf16 else torch.float16
        elif mixed and device.type == "mps":
            self._type = torch.float16
        self.scaler: torch.amp.GradScaler | None = None
        if self._type is torch.float16:
            self.scaler = torch.amp.GradScaler(device.type)

    def forward(self) -> AbstractContextManager[object]:
        """Return the context of a forward pass."""
        if self._type is None:
            return nullcontext()
        return torch.autocast(self._device, dtype=self._type)


def device_text(name: str) -> str:
    """Return the device that a choice resolves to, for display: `CUDA:0 · NVIDIA H200`."""
    device, _warnings = choose_device(name if name in DEVICES else "auto")
    if device.type == "cuda":
        return f"CUDA:{device.index or 0} · {torch.cuda.get_device_name(device)}"
    if device.type == "mps":
        return "MPS · Apple GPU"
    count = core_count()
    return f"CPU · {count} core{'' if count == 1 else 's'}"
