"""Reads the start of a WAV file as samples in -1…1. Knows nothing about folders and classes."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float64]

READ_ERRORS = (OSError, EOFError, ValueError)
"""Exceptions raised by reading an invalid WAV file; their text is shown to the user."""
_BYTE_ORDERS = {b"RIFF": "<", b"RF64": "<", b"RIFX": ">"}
_NOT_WAV = "not a WAV file"
_TRUNCATED = "the file is truncated"
_UNSUPPORTED = "unsupported WAV format; save it as 16-bit PCM"


def read_wave(path: Path, seconds: float) -> tuple[Sound, int]:
    """Return the first `seconds` of a WAV file in -1…1 `(L,)`, mixed to mono, and its rate in Hz.

    Supports integers of 8 to 64 bits and floats of 32 and 64 bits, with a plain or a
    WAVE_FORMAT_EXTENSIBLE header. A recording that was interrupted before its sizes were written
    is read to its end.

    Raises:
        OSError, EOFError, ValueError: It cannot be opened, is truncated, or is not a WAV file.
    """
    with path.open("rb") as file:
        header, sound, order = _read_start(file, seconds)
    return _decode(header, sound, order)


def _read_start(file: BinaryIO, seconds: float) -> tuple[bytes, bytes, str]:
    """Return the format chunk, the first frames of samples and the byte order."""
    order = _BYTE_ORDERS.get(_read_exactly(file, 4), "")
    start = _read_exactly(file, 8) if order else b""
    if start[4:] != b"WAVE":
        raise ValueError(_NOT_WAV)
    was_interrupted = start[:4] == bytes(4)
    header = b""
    for name, size in _chunks(file, order):
        if name == b"fmt ":
            header = _read_exactly(file, size) if size < 4096 else b""
        if name == b"data":
            frame, rate = _frame_size_and_rate(header, order)
            available = os.fstat(file.fileno()).st_size - file.tell()
            length = available if was_interrupted and not size else size
            raw = file.read(min(length, max(available, 0), (int(seconds * rate) + 1) * frame))
            return header, raw[: len(raw) // frame * frame], order
    raise EOFError(_TRUNCATED)


def _chunks(file: BinaryIO, byte_order: str) -> Iterator[tuple[bytes, int]]:
    """Yield name and size of each chunk, with the file positioned at its content."""
    while len(head := file.read(8)) == 8:
        name, size = struct.unpack(f"{byte_order}4sI", head)
        after = file.tell() + size + size % 2
        yield name, size
        file.seek(after)


def _frame_size_and_rate(header: bytes, byte_order: str) -> tuple[int, int]:
    """Return the bytes per frame (one sample of every channel), and the frames per second."""
    if len(header) < 16:
        raise ValueError(_NOT_WAV)
    channels, rate, _, frame, _ = struct.unpack(f"{byte_order}HIIHH", header[2:16])
    if rate < 1:
        raise ValueError("the file contains no sound")
    if not channels or not frame or frame % channels:
        raise ValueError(_NOT_WAV)
    return frame, rate


def _decode(header: bytes, sound: bytes, byte_order: str) -> tuple[Sound, int]:
    """Decode with scipy a file of only these two chunks, so that it warns about no others.

    The bytes per second, which scipy requires to be correct, are recomputed.
    """
    from scipy.io import wavfile

    if not sound:
        raise ValueError("the file contains no sound")
    frame, rate = _frame_size_and_rate(header, byte_order)
    header = header[:8] + struct.pack(f"{byte_order}I", frame * rate & 0xFFFFFFFF) + header[12:]
    chunks = (
        b"WAVE" + _pack_chunk(b"fmt ", header, byte_order) + _pack_chunk(b"data", sound, byte_order)
    )
    name = next(tag for tag, value in _BYTE_ORDERS.items() if value == byte_order)
    try:
        rate, samples = wavfile.read(io.BytesIO(_pack_chunk(name, chunks, byte_order)))
    except (ValueError, TypeError, struct.error) as error:
        raise ValueError(_UNSUPPORTED) from error
    mixed = _to_unit_range(samples).reshape(len(samples), -1).mean(1)
    if not np.isfinite(mixed).all():
        raise ValueError("the file contains NaN or infinite values")
    return mixed, rate


def _to_unit_range(samples: npt.NDArray[np.generic]) -> Sound:
    """Scale integers of any width to -1…1; floats are in that range already."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float64)
    half = 2.0 ** (8 * samples.dtype.itemsize - 1)
    middle = half if samples.dtype.kind == "u" else 0.0
    return (samples.astype(np.float64) - middle) / half


def _pack_chunk(name: bytes, content: bytes, byte_order: str) -> bytes:
    return name + struct.pack(f"{byte_order}I", len(content)) + content + bytes(len(content) % 2)


def _read_exactly(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise EOFError(_TRUNCATED)
    return content
