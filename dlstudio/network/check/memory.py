"""Estimates the memory that training needs before anything is built, and what is available."""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import torch

from dlstudio.design.model.report import Report

OPTIMISER_COPIES = {"sgd": 0, "rmsprop": 1, "adam": 2, "adamw": 2}
"""Values that an optimiser stores per parameter, without momentum."""

NUMBER_BYTES = 4


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """Bytes needed for training, by purpose."""

    parameters: int
    gradients: int
    optimiser: int
    activations: int

    @property
    def total(self) -> int:
        """The total in bytes."""
        return self.parameters + self.gradients + self.optimiser + self.activations


def memory_needed(
    report: Report, batch_size: int, optimiser: str = "adam", *, momentum: bool = False
) -> MemoryNeed:
    """Return the memory for training at a batch size, in float32.

    Args:
        report: Report of the whole network.
        batch_size: Samples per step.
        optimiser: Name of the optimiser.
        momentum: Whether SGD or RMSprop also stores a momentum.
    """
    cost = report.cost
    weights = cost.parameters * NUMBER_BYTES
    copies = OPTIMISER_COPIES.get(optimiser, 2)
    if momentum and optimiser in {"sgd", "rmsprop"}:
        copies += 1
    return MemoryNeed(
        parameters=weights + cost.buffers * NUMBER_BYTES,
        gradients=weights,
        optimiser=weights * copies,
        activations=cost.activation_bytes * batch_size,
    )


def available_memory(device: str | torch.device = "cpu") -> int:
    """Return the available bytes of a device; 0 if unknown."""
    kind = torch.device(device).type
    if kind == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    if kind == "mps":
        used = torch.mps.driver_allocated_memory()
        return max(0, int(torch.mps.recommended_max_memory()) - int(used))
    return _main_memory()


def bytes_text(count: float) -> str:
    """Return a number of bytes with a unit: `3.4 GB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}" if unit != "bytes" else f"{count:.0f} bytes"
        count /= 1000
    return f"{count:,.3g} TB" if count < 1000 else f"{count:,.0f} TB"


def _main_memory() -> int:
    if sys.platform == "win32":
        return _windows_memory()
    limits = [_linux_memory() or _physical_memory(), _container_memory()]
    known = [limit for limit in limits if limit > 0]
    return min(known, default=0)


def _linux_memory() -> int:
    """Return Linux's MemAvailable: free memory and reclaimable caches."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    for line in lines:
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def _physical_memory() -> int:
    """Return the physical memory, if the system reports nothing more precise."""
    if "SC_PHYS_PAGES" not in os.sysconf_names:
        return 0
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _container_memory() -> int:
    """Return the free bytes under a container's limit (cgroup version 2), 0 without one."""
    group = Path("/sys/fs/cgroup")
    try:
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        used = int((group / "memory.current").read_text(encoding="ascii"))
        reclaimable = _inactive_file(group / "memory.stat")
    except (OSError, ValueError):
        return 0
    return 0 if limit == "max" else max(1, int(limit) - used + reclaimable)


def _inactive_file(statistics: Path) -> int:
    for line in statistics.read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(" ")
        if name == "inactive_file":
            return int(value)
    return 0


class _MemoryStatus(ctypes.Structure):
    """Windows' MEMORYSTATUSEX."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("physical", ctypes.c_ulonglong),
        ("available_physical", ctypes.c_ulonglong),
        ("page_file", ctypes.c_ulonglong),
        ("available_page_file", ctypes.c_ulonglong),
        ("virtual", ctypes.c_ulonglong),
        ("available_virtual", ctypes.c_ulonglong),
        ("available_extended_virtual", ctypes.c_ulonglong),
    )


def _windows_memory() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009
    succeeded = kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.available_physical) if succeeded else 0
