"""Copies tensors to arrays of limited total size; an unchanged tensor is copied only once."""

from __future__ import annotations

import torch
from torch import Tensor

from dlstudio.insight.trace.step_trace import Array

_WIDER = {torch.bfloat16: torch.float32}
"""Element types that numpy lacks, with wider ones that represent the same values."""


class ArrayCopies:
    """Copies tensors up to a total size."""

    def __init__(self, max_bytes: int) -> None:
        """Limit the size of all copies together to `max_bytes`."""
        self._free_bytes = max_bytes
        self._copies: dict[tuple[int, int], tuple[Tensor, Array]] = {}

    def copy(self, tensor: Tensor) -> Array | None:
        """Return the current values of a tensor; None if they would exceed the limit.

        The tensor is kept alive until `forget`, so that its `id` stays unique.
        """
        key = (id(tensor), tensor._version)
        if key not in self._copies:
            array = self.copy_once(tensor)
            if array is None:
                return None
            self._copies[key] = (tensor, array)
        return self._copies[key][1]

    def copy_once(self, tensor: Tensor) -> Array | None:
        """Return the current values of a tensor that will be freed or changed."""
        if not self.reserve(tensor.numel() * tensor.element_size()):
            return None
        return to_array(tensor)

    def reserve(self, size: int) -> bool:
        """Reserve `size` bytes; return False if the limit would be exceeded."""
        if size > self._free_bytes:
            return False
        self._free_bytes -= size
        return True

    def forget(self) -> None:
        """Release the tensors."""
        self._copies.clear()


def to_array(tensor: Tensor) -> Array:
    """Return a copy of a tensor's values."""
    dtype = _WIDER.get(tensor.dtype, tensor.dtype)
    array: Array = tensor.detach().to("cpu", dtype, copy=True).numpy()
    array.setflags(write=False)
    return array
