"""Types of the arrays in views."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
SignedBytes = npt.NDArray[np.int8]
Thumbnail = Bytes | SignedBytes
"""Maps as uint8 (k, h, w), or a row of values as int8 (n,)."""
