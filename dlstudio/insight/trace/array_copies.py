"""Copies tensors into arrays of bounded size; a tensor that stays the same is copied once."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.insight.trace.step_trace import Array

_WIDER = {torch.bfloat16: torch.float32}
"""Types that numpy lacks, and those that hold the same values."""


class ArrayCopies:
    """Copies of tensors, up to a limit."""

    def __init__(self, max_bytes: int) -> None:
        """Copy up to `max_bytes` in all."""
        self._free_bytes = max_bytes
        self._copies: dict[tuple[int, int], tuple[Tensor, Array]] = {}

    def copy(self, tensor: Tensor) -> Array | None:
        """Return the present values of a tensor; None if there is no room for them.

        The tensor is kept until `forget`, so that no other one is taken for it.
        """
        key = (id(tensor), tensor._version)
        if key not in self._copies:
            array = self.copy_once(tensor)
            if array is None:
                return None
            self._copies[key] = (tensor, array)
        return self._copies[key][1]

    def copy_once(self, tensor: Tensor) -> Array | None:
        """Return the present values of a tensor that is gone or changed thereafter."""
        if not self.reserve(tensor.numel() * tensor.element_size()):
            return None
        return to_array(tensor)

    def reserve(self, size: int) -> bool:
        """Take so many bytes off the limit, if they are free."""
        if size > self._free_bytes:
            return False
        self._free_bytes -= size
        return True

    def forget(self) -> None:
        """Let go of the tensors."""
        self._copies.clear()


def to_array(tensor: Tensor) -> Array:
    """Return a copy of a tensor's values."""
    dtype = _WIDER.get(tensor.dtype, tensor.dtype)
    array: Array = tensor.detach().to("cpu", dtype, copy=True).numpy()
    array.setflags(write=False)
    return array
