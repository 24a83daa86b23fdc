"""Reads the beginning of a WAV file as numbers in -1…1. Knows nothing of folders and classes."""

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
"""What goes wrong in a file that is no sound WAV file; the text is for people."""
_BYTE_ORDERS = {b"RIFF": "<", b"RF64": "<", b"RIFX": ">"}
_NOT_WAV = "no WAV file"
_TRUNCATED = "the file ends too early"
_UNSUPPORTED = "a WAV file of a format that cannot be read; save it as 16-bit PCM"


def read_wave(path: Path, seconds: float) -> tuple[Sound, int]:
    """Return the beginning of a WAV file in -1…1 `(L,)`, its channels mixed, and its rate.

    Whole numbers of 8 to 64 bits and floats of 32 and 64 bits are read, with a plain header or
    with that of WAVE_FORMAT_EXTENSIBLE. Of a longer file no more than `seconds` are looked at.

    Raises:
        OSError, EOFError, ValueError: It cannot be opened, ends too early, or is no WAV file.
    """
    with path.open("rb") as file:
        header, sound, order = _read_start(file, seconds)
    return _decode(header, sound, order)


def _read_start(file: BinaryIO, seconds: float) -> tuple[bytes, bytes, str]:
    """Return the format chunk, the first frames of the sound and the byte order."""
    order = _BYTE_ORDERS.get(_read_exactly(file, 4), "")
    if not order or _read_exactly(file, 8)[4:] != b"WAVE":
        raise ValueError(_NOT_WAV)
    header = b""
    for name, size in _chunks(file, order):
        if name == b"fmt ":
            header = _read_exactly(file, size) if size < 4096 else b""
        if name == b"data":
            frame, rate = _frame_size_and_rate(header, order)
            available = os.fstat(file.fileno()).st_size - file.tell()
            raw = file.read(min(size, max(available, 0), (int(seconds * rate) + 1) * frame))
            return header, raw[: len(raw) // frame * frame], order
    raise EOFError(_TRUNCATED)


def _chunks(file: BinaryIO, byte_order: str) -> Iterator[tuple[bytes, int]]:
    """Yield name and size of each chunk, the file standing at its content."""
    while len(head := file.read(8)) == 8:
        name, size = struct.unpack(f"{byte_order}4sI", head)
        after = file.tell() + size + size % 2
        yield name, size
        file.seek(after)


def _frame_size_and_rate(header: bytes, byte_order: str) -> tuple[int, int]:
    """Return the bytes of all channels at one moment, and the moments of a second."""
    if len(header) < 16:
        raise ValueError(_NOT_WAV)
    channels, rate, _, frame, _ = struct.unpack(f"{byte_order}HIIHH", header[2:16])
    if rate < 1:
        raise ValueError("the file holds no sound")
    if not channels or not frame or frame % channels:
        raise ValueError(_NOT_WAV)
    return frame, rate


def _decode(header: bytes, sound: bytes, byte_order: str) -> tuple[Sound, int]:
    """Let scipy read a file of these two chunks and no other, so it has nothing to warn of.

    The bytes a second, which scipy demands to be right, are reckoned anew.
    """
    from scipy.io import wavfile

    if not sound:
        raise ValueError("the file holds no sound")
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
        raise ValueError("the file holds values that are no finite numbers")
    return mixed, rate


def _to_unit_range(samples: npt.NDArray[np.generic]) -> Sound:
    """Bring whole numbers of any width to -1…1; floats are there already."""
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
