"""MNIST, its relatives and CIFAR, in torchvision's folder layout; fetched where they lack."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from pathlib import Path

import torch
from torch import Tensor

from dlstudio.data.core.dataset import RawSamples, Subset
from dlstudio.data.core.errors import DataError
from dlstudio.data.downloads.cifar_file import read_cifar
from dlstudio.data.downloads.download import fetch
from dlstudio.data.downloads.idx_file import read_idx
from dlstudio.data.sources.framework.read_request import ReadRequest
from dlstudio.data.sources.framework.remote import DownloadSpec, RemoteDataset


def read_downloaded(request: ReadRequest) -> RawSamples:
    """Return a set from its folder (read-only will do), fetched first where it is not there.

    Raises:
        DataError: It cannot be fetched or read.
        Cancelled: `cancelled` said so.
    """
    source, folder = request.source, request.data_dir
    assert isinstance(source, DownloadSpec), f"{source.name} is no download"
    remote, info = source.remote, request.builtin
    if not _is_complete(remote, folder):
        _download(source, request)
    request.progress(f"Reading {source.title}", None)
    read = _read_archive if remote.train else _read_idx_set
    train, test = read(remote, folder)
    for subset, count in ((train, info.count), (test, info.test or 0)):
        if len(subset) != count:
            raise DataError(
                f"{source.title} in {folder / remote.folder} holds {len(subset):,} samples "
                f"where {count:,} belong. Delete that folder to fetch it again."
            )
    return RawSamples(train, test=test, class_names=info.class_names)


def _find_file(folder: Path, packed: str) -> Path | None:
    """Return the unpacked file, else the packed one, else None."""
    candidates = (folder / packed.removesuffix(".gz"), folder / packed)
    return next((path for path in candidates if path.is_file()), None)


def _is_complete(remote: RemoteDataset, folder: Path) -> bool:
    home = folder / remote.folder
    if remote.train:
        return all((home / name).is_file() for name in (*remote.train, remote.test))
    return all(_find_file(home, file.name) for file in remote.files)


def _download(source: DownloadSpec, request: ReadRequest) -> None:
    remote, folder = source.remote, request.data_dir
    if not request.download:
        home = folder / remote.folder
        raise DataError(
            f"{source.title} is not in {home} yet. Train with it once to fetch it.",
            missing_path=str(home),
        )
    home = folder if remote.train else folder / remote.folder
    missing = [file for file in remote.files if not _find_file(home, file.name)]
    fetch(
        missing,
        remote.mirrors,
        home,
        title=source.title,
        progress=request.progress,
        cancelled=request.cancelled,
    )
    if remote.train:
        request.progress(f"Unpacking {source.title}", None)
        _unpack(folder / remote.files[0].name, remote.folder)


def _unpack(archive: Path, name: str) -> None:
    """Unpack one folder of an archive beside it, whole or not at all, and drop the archive."""
    try:
        with tempfile.TemporaryDirectory(dir=archive.parent) as scratch:
            with tarfile.open(archive) as packed:
                packed.extractall(scratch, filter="data")
            target = archive.parent / name
            if target.exists():
                shutil.rmtree(target)
            (Path(scratch) / name).replace(target)
    except (OSError, tarfile.TarError) as error:
        raise DataError(
            f"{archive} cannot be unpacked ({error}). Delete it to try again."
        ) from error
    archive.unlink()


def _read_idx_set(remote: RemoteDataset, folder: Path) -> tuple[Subset, Subset]:
    tensors: list[Tensor] = []
    for file in remote.files:
        path = _find_file(folder / remote.folder, file.name)
        if path is None:
            raise DataError(f"{file.name} has vanished from {folder / remote.folder}. Try again.")
        tensors.append(read_idx(path))
    train_images, train_labels, test_images, test_labels = tensors
    return _subset(train_images.unsqueeze(1), train_labels), _subset(
        test_images.unsqueeze(1), test_labels
    )


def _read_archive(remote: RemoteDataset, folder: Path) -> tuple[Subset, Subset]:
    def read(name: str) -> tuple[Tensor, Tensor]:
        path = folder / remote.folder / name
        try:
            return read_cifar(path.read_bytes(), path)
        except OSError as error:
            raise DataError(f"{path} cannot be read ({error}).") from error

    batches = [read(name) for name in remote.train]
    images, labels = zip(*batches, strict=True)
    return _subset(torch.cat(images), torch.cat(labels)), _subset(*read(remote.test))


def _subset(images: Tensor, labels: Tensor) -> Subset:
    return Subset({"samples": images}, labels.to(torch.int64))
