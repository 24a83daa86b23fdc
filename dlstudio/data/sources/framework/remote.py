"""What is fetched for a download, and how it is recognised. Knows no torch."""

from __future__ import annotations

from dataclasses import dataclass

from dlstudio.data.sources.framework.source import SourceSpec


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a download with its MD5 sum and size in bytes."""

    name: str
    md5: str
    size: int


@dataclass(frozen=True, slots=True)
class RemoteDataset:
    """A downloadable set.

    Attributes:
        folder: Where its files lie below the folder of data sets, as torchvision has it.
        mirrors: Addresses a file's name is appended to, tried in order.
        files: What is fetched. One `.tar.gz` is unpacked, and holds `folder`.
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
    """A source that is fetched on first use."""

    remote: RemoteDataset
