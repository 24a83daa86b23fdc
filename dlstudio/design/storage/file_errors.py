"""Why a file could not be read or written, in words."""

from __future__ import annotations

import errno
import os
import re

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota on this disk is used up",
    errno.EFBIG: "the file would be too large for this disk",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "there is no such file or folder",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EIO: "the disk failed to read or write",
    errno.ENAMETOOLONG: "its name is too long",
}
_DISK_FULL_ON_WINDOWS = (39, 112)
_RUST_ERROR = re.compile(r"\(os error (\d+)\)")


def file_error_reason(error: BaseException) -> str:
    """Return the reason as a clause without a full stop.

    Understands OSError, and errors of safetensors, which name the system's number in their text.
    """
    number = _error_number(error)
    if number is None:
        return str(error) or type(error).__name__
    reason = _REASONS.get(number) or getattr(error, "strerror", None) or os.strerror(number)
    return str(reason)


def is_disk_full(error: BaseException) -> bool:
    """Whether a file could not be written for want of space."""
    return _error_number(error) in (errno.ENOSPC, errno.EDQUOT)


def _error_number(error: BaseException) -> int | None:
    """Return the system's error number, None if there is none."""
    if getattr(error, "winerror", None) in _DISK_FULL_ON_WINDOWS:
        return errno.ENOSPC
    number = getattr(error, "errno", None)
    if isinstance(number, int):
        return number
    named = _RUST_ERROR.search(str(error))
    if named is None:
        return None
    number = int(named[1])
    return errno.ENOSPC if os.name == "nt" and number in _DISK_FULL_ON_WINDOWS else number
