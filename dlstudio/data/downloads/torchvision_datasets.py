"""MNIST, its variants and CIFAR in torchvision's folder layout, downloaded if missing."""

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
from dlstudio.design.storage.file_errors import file_error_reason, is_disk_full


def read_downloaded(request: ReadRequest) -> RawSamples:
    """Return a data set from its folder, which may be read-only; download it first if missing.

    Raises:
        DataError: It cannot be downloaded or read.
        Cancelled: `cancelled` returned True.
    """
    source, folder = request.source, request.data_dir
    assert isinstance(source, DownloadSpec), f"{source.name} is not a download"
    remote, info = source.remote, request.builtin
    if not _is_complete(remote, folder):
        _download(source, request)
    request.progress(f"Reading {source.title}", None)
    read = _read_archive if remote.train else _read_idx_set
    train, test = read(remote, folder)
    for subset, count in ((train, info.count), (test, info.test or 0)):
        if len(subset) != count:
            raise DataError(
                f"{source.title} in {folder / remote.folder} has {len(subset):,} samples "
                f"instead of {count:,}. Delete that folder to download it again."
            )
    return RawSamples(train, test=test, class_names=info.class_names)


def _find_file(folder: Path, name: str) -> Path | None:
    """Return the decompressed file, else the `.gz` file, else None."""
    candidates = (folder / name.removesuffix(".gz"), folder / name)
    return next((path for path in candidates if path.is_file()), None)


def _is_complete(remote: RemoteDataset, folder: Path) -> bool:
    dataset_dir = folder / remote.folder
    if remote.train:
        return all((dataset_dir / name).is_file() for name in (*remote.train, remote.test))
    return all(_find_file(dataset_dir, file.name) for file in remote.files)


def _download(source: DownloadSpec, request: ReadRequest) -> None:
    remote, folder = source.remote, request.data_dir
    if not request.download:
        dataset_dir = folder / remote.folder
        raise DataError(
            f"{source.title} is not in {dataset_dir} yet. Train with it once to download it.",
            missing_path=str(dataset_dir),
        )
    dataset_dir = folder if remote.train else folder / remote.folder
    missing = [file for file in remote.files if not _find_file(dataset_dir, file.name)]
    fetch(
        missing,
        remote.mirrors,
        dataset_dir,
        title=source.title,
        progress=request.progress,
        cancelled=request.cancelled,
    )
    if remote.train:
        request.progress(f"Unpacking {source.title}", None)
        _unpack(folder / remote.files[0].name, remote.folder)


def _unpack(archive: Path, name: str) -> None:
    """Unpack one folder of an archive beside it, completely or not at all; delete the archive."""
    try:
        with tempfile.TemporaryDirectory(dir=archive.parent) as scratch:
            with tarfile.open(archive) as packed:
                packed.extractall(scratch, filter="data")
            target = archive.parent / name
            if target.exists():
                shutil.rmtree(target)
            (Path(scratch) / name).replace(target)
    except (OSError, tarfile.TarError) as error:
        reason = file_error_reason(error)
        fix = "Free some space and try again" if is_disk_full(error) else "Delete it to try again"
        raise DataError(f"{archive} cannot be unpacked ({reason}). {fix}.") from error
    archive.unlink()


def _read_idx_set(remote: RemoteDataset, folder: Path) -> tuple[Subset, Subset]:
    tensors: list[Tensor] = []
    for file in remote.files:
        path = _find_file(folder / remote.folder, file.name)
        if path is None:
            raise DataError(f"{file.name} is missing from {folder / remote.folder}. Try again.")
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
