"""Recognises image files by ending or content. Does not import torch."""

from __future__ import annotations

from pathlib import Path

from dlstudio.data.folders.folder_tree import FileKind, ending_text

_SUFFIXES = frozenset(
    {
        ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp", ".avif",
        ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".jp2", ".j2k", ".tga", ".ico",
        ".pcx", ".sgi", ".qoi", ".psd",
    }
)  # fmt: skip
_RAW_SUFFIXES = frozenset({".cr2", ".nef", ".arw", ".dng", ".orf", ".pef", ".raf", ".rw2", ".srw"})
_STARTS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*",
    b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51", b"8BPS", b"qoif",
)  # fmt: skip


def image_problem(path: Path) -> str:
    """Return why a file is not read as an image, empty if it is.

    Raises:
        OSError: It cannot be opened.
    """
    suffix = path.suffix.lower()
    if suffix in _SUFFIXES:
        return ""
    if suffix in _RAW_SUFFIXES:
        return ending_text(path, "are camera raw files; export them as JPEG or PNG")
    with path.open("rb") as file:
        start = file.read(32)
    return "" if _starts_like_image(start) else ending_text(path, "cannot be read as images")


def _starts_like_image(start: bytes) -> bool:
    is_webp = start[:4] == b"RIFF" and start[8:12] == b"WEBP"
    is_avif = start[4:12] in (b"ftypavif", b"ftypavis")
    is_bmp = start[:2] == b"BM" and start[6:10] == bytes(4) and start[15:18] == bytes(3)
    return is_webp or is_avif or is_bmp or start.startswith(_STARTS)


IMAGES = FileKind("image", "images", image_problem)
