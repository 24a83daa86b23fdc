"""Declares downloads: their files, checksums and mirrors. Does not import torch."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.data.sources.framework.source import SourceSpec


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a download with its MD5 checksum and size in bytes."""

    name: str
    md5: str
    size: int


@dataclass(frozen=True, slots=True)
class RemoteDataset:
    """A downloadable data set.

    Attributes:
        folder: Its folder below that of all data sets, as in torchvision.
        mirrors: Base addresses that a file's name is appended to, tried in order.
        files: Files to download. A single `.tar.gz` is unpacked, and contains `folder`.
        train: Names of the training batches in an unpacked archive.
        test: Name of the test batch in an unpacked archive.
    """

    folder: str
    mirrors: tuple[str, ...]
    files: tuple[RemoteFile, ...]
    train: tuple[str, ...] = ()
    test: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadSpec(SourceSpec):
    """A source that is downloaded on first use."""

    remote: RemoteDataset
