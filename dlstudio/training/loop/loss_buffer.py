"""Collects losses on the device and reads them at intervals, so that no step waits for it."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

READ_INTERVAL = 1 / 30
"""Seconds between two reads."""


@dataclass(frozen=True, slots=True)
class LossBatch:
    """Losses and rates of the steps since the previous read.

    Attributes:
        first_step: Number of the first step, from 1.
        gradient_norm: From the last step that measured it, None if none did.
        samples: Number of samples in these steps.
    """

    first_step: int
    losses: npt.NDArray[np.float32]
    rates: npt.NDArray[np.float64]
    gradient_norm: float | None
    samples: int

    @property
    def first_bad_step(self) -> int:
        """Number of the first step with a non-finite loss, 0 if there is none."""
        bad = np.flatnonzero(~np.isfinite(self.losses))
        return self.first_step + int(bad[0]) if len(bad) else 0


@dataclass(frozen=True, slots=True)
class _Transfer:
    """Values being copied from the device."""

    first_step: int
    values: Tensor
    has_norm: bool
    rates: list[float]
    samples: int
    copied: torch.cuda.Event | None


class LossBuffer:
    """Holds losses as device tensors; those of a GPU are copied asynchronously, one read behind."""

    def __init__(self, device: torch.device) -> None:
        """Start without losses."""
        self._device = device
        self._losses: list[Tensor] = []
        self._rates: list[float] = []
        self._norm: Tensor | None = None
        self._samples = 0
        self._first_step = 1
        self._transfers: deque[_Transfer] = deque()
        self._read_at = time.perf_counter()

    def is_due(self) -> bool:
        """Whether the read interval has passed."""
        return time.perf_counter() - self._read_at >= READ_INTERVAL

    def start(self, step: int) -> None:
        """Clear the buffer; the next loss is that of the step after `step`."""
        self._losses, self._rates, self._norm, self._samples = [], [], None, 0
        self._transfers.clear()
        self._first_step = step + 1

    def add(self, loss: Tensor, rate: float, samples: int, norm: Tensor | None = None) -> None:
        """Add the loss of a step, which stays on the device."""
        self._losses.append(loss)
        self._rates.append(rate)
        self._samples += samples
        if norm is not None:
            self._norm = norm

    def read(self, *, wait: bool) -> LossBatch | None:
        """Return the values copied so far, or all of them with `wait`; None without any."""
        self._read_at = time.perf_counter()
        if self._losses:
            self._transfers.append(self._start_transfer())
        ready: list[_Transfer] = []
        while self._transfers and (wait or _has_arrived(self._transfers[0])):
            transfer = self._transfers.popleft()
            if transfer.copied is not None:
                transfer.copied.synchronize()
            ready.append(transfer)
        return _merge(ready) if ready else None

    def _start_transfer(self) -> _Transfer:
        norms = [] if self._norm is None else [self._norm.float()]
        values = torch.stack([*(loss.float() for loss in self._losses), *norms])
        copied = None
        if self._device.type == "cuda":
            host = torch.empty_like(values, device="cpu", pin_memory=True)
            values = host.copy_(values, non_blocking=True)
            copied = torch.cuda.Event()
            copied.record()
        transfer = _Transfer(
            self._first_step, values, bool(norms), self._rates, self._samples, copied
        )
        self._first_step += len(self._rates)
        self._losses, self._rates, self._norm, self._samples = [], [], None, 0
        return transfer


def _has_arrived(transfer: _Transfer) -> bool:
    return transfer.copied is None or transfer.copied.query()


def _merge(transfers: list[_Transfer]) -> LossBatch:
    values = [transfer.values.cpu().numpy() for transfer in transfers]
    losses = [
        array[: len(transfer.rates)] for array, transfer in zip(values, transfers, strict=True)
    ]
    norms = [
        float(array[-1])
        for array, transfer in zip(values, transfers, strict=True)
        if transfer.has_norm
    ]
    return LossBatch(
        first_step=transfers[0].first_step,
        losses=np.concatenate(losses),
        rates=np.concatenate([np.asarray(transfer.rates) for transfer in transfers]),
        gradient_norm=norms[-1] if norms else None,
        samples=sum(transfer.samples for transfer in transfers),
    )
