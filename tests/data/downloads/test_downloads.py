import errno
import gzip
import io
import pickle
import socket
import sys
import tarfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from dlstudio.data.core.errors import Cancelled, DataError
from dlstudio.data.downloads.cifar_file import read_cifar
from dlstudio.data.downloads.download import time_left
from dlstudio.data.load import load_data
from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings, Split
from tests.data.small_data_sets import small_mnist

MNIST = DataSettings("mnist", split=Split(validation=0.0))


@pytest.fixture
def mnist_server(remote):
    return remote("mnist", small_mnist(), 40, 20)


def use_mirrors(monkeypatch, *addresses):
    source = SOURCES["mnist"]
    remote = replace(source.remote, mirrors=addresses)
    monkeypatch.setitem(SOURCES, "mnist", replace(source, remote=remote))


def remaining_files(folder):
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_data_is_downloaded_with_progress_once_and_then_cached(mnist_server, tmp_path):
    reported = []
    home = tmp_path / "data"
    data = load_data(
        MNIST, data_dir=str(home), progress=lambda text, done: reported.append((text, done))
    )
    assert data.facts == info_of(MNIST)
    assert data.facts.samples == {"train": 40, "validation": 0, "test": 20}
    assert data.validation is None
    shares = [done for text, done in reported if text.startswith("Downloading MNIST")]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(mnist_server.requests) == 4
    again = load_data(MNIST, data_dir=str(home))
    assert len(mnist_server.requests) == 4
    assert torch.equal(again.train.inputs["samples"], data.train.inputs["samples"])
    assert len(remaining_files(home)) == 4


def test_only_missing_files_are_downloaded(mnist_server, tmp_path):
    home = tmp_path / "data"
    load_data(MNIST, data_dir=str(home))
    (home / "MNIST/raw/t10k-labels-idx1-ubyte.gz").unlink()
    load_data(MNIST, data_dir=str(home))
    assert mnist_server.requests[4:] == ["/t10k-labels-idx1-ubyte.gz"]


def test_cancelling_leaves_no_partial_files(mnist_server, tmp_path):
    home = tmp_path / "data"
    reported = []
    with pytest.raises(Cancelled):
        load_data(
            MNIST,
            data_dir=str(home),
            progress=lambda text, done: reported.append(text),
            cancelled=lambda: True,
        )
    assert reported == []
    assert remaining_files(home) == []
    assert len(load_data(MNIST, data_dir=str(home)).train) == 40


def test_download_false_downloads_nothing(mnist_server, tmp_path):
    home = tmp_path / "data"
    with pytest.raises(DataError, match="MNIST is not in"):
        load_data(MNIST, data_dir=str(home), download=False)
    assert (mnist_server.requests, remaining_files(tmp_path / "data")) == ([], [])
    load_data(MNIST, data_dir=str(home))
    assert len(load_data(MNIST, data_dir=str(home), download=False).train) == 40


def test_wrong_checksum_is_reported_and_the_file_removed(mnist_server, tmp_path):
    name = "train-images-idx3-ubyte.gz"
    (mnist_server.root / name).write_bytes(b"something else")
    home = tmp_path / "data"
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz is corrupt"):
        load_data(MNIST, data_dir=str(home))
    assert remaining_files(home) == []


def test_second_mirror_is_used_when_the_first_fails(mnist_server, tmp_path, monkeypatch):
    use_mirrors(monkeypatch, mnist_server.address + "nowhere/", mnist_server.address)
    assert len(load_data(MNIST, data_dir=str(tmp_path / "data")).train) == 40


def test_network_error_lists_the_offline_datasets(tmp_path, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/"
    use_mirrors(monkeypatch, address)
    with pytest.raises(
        DataError, match=r"cannot be reached.*Handwritten digits 8×8, Iris"
    ) as error:
        load_data(MNIST, data_dir=str(tmp_path))
    assert "http" not in str(error.value)
    (details,) = error.value.__notes__
    assert f"{address}train-images-idx3-ubyte.gz: " in details


def test_stalled_download_can_be_cancelled(tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        use_mirrors(monkeypatch, address)
        checks = []
        started = time.monotonic()
        with pytest.raises(Cancelled):
            load_data(
                MNIST,
                data_dir=str(tmp_path),
                cancelled=lambda: bool(checks.append(1)) or len(checks) > 2,
            )
        assert time.monotonic() - started < 5
    assert remaining_files(tmp_path) == []


def test_full_disk_is_not_reported_as_a_network_error(mnist_server, tmp_path, monkeypatch):
    def raise_disk_full(*arguments, **keywords):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", raise_disk_full)
    with pytest.raises(DataError, match=r"cannot be saved in .*the disk is full"):
        load_data(MNIST, data_dir=str(tmp_path / "data"))


def test_time_left_is_empty_until_it_can_be_estimated():
    assert time_left(0.2, 10, 100) == ""
    assert time_left(2.0, 10, 100) == ", 18 s left"
    assert time_left(60.0, 10, 100) == ", 9 min left"


def test_uncreatable_folder_is_reported(mnist_server, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="Downloads cannot be saved"):
        load_data(MNIST, data_dir=str(tmp_path / "file"))


def test_unpacked_files_in_a_read_only_folder_are_used(mnist_server, tmp_path):
    home = tmp_path / "data"
    packed = load_data(MNIST, data_dir=str(home))
    raw = home / "MNIST" / "raw"
    for path in list(raw.iterdir()):
        (raw / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    raw.chmod(0o555)
    try:
        unpacked = load_data(MNIST, data_dir=str(home))
    finally:
        raw.chmod(0o755)
    assert torch.equal(unpacked.train.inputs["samples"], packed.train.inputs["samples"])
    assert len(mnist_server.requests) == 4


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bgarbage", b"\0\0\x08\x03"])
def test_damaged_cache_is_reported_with_its_file(content, mnist_server, tmp_path):
    home = tmp_path / "data"
    load_data(MNIST, data_dir=str(home))
    (home / "MNIST/raw/train-images-idx3-ubyte.gz").write_bytes(content)
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz.*Delete it"):
        load_data(MNIST, data_dir=str(home))


def test_incomplete_dataset_is_rejected(mnist_server, remote, tmp_path):
    remote("mnist", small_mnist(30, 20), 40, 20)
    with pytest.raises(DataError, match="has 30 samples instead of 40"):
        load_data(MNIST, data_dir=str(tmp_path / "data"))


def python_2_batch(pixels, labels, key):
    """Return a CIFAR batch as Python 2 pickled it: short strings, a list and an array's bytes."""

    def short_string(text):
        return b"U" + bytes([len(text)]) + text

    numbers = b"".join(b"K" + bytes([label]) for label in labels)
    array = b"T" + len(pixels).to_bytes(4, "little") + pixels
    names = b"](" + b"".join(short_string(b"name%d.png" % number) for number in labels) + b"e"
    return (
        b"\x80\x02}q\x01("
        + short_string(b"batch_label") + short_string(b"training batch 1 of 5")
        + short_string(key) + b"](" + numbers + b"e"
        + short_string(b"data") + array
        + short_string(b"filenames") + names
        + b"u."
    )  # fmt: skip


def cifar_archive(folder, names, key):
    packed = io.BytesIO()
    pixels = np.random.default_rng(1).integers(0, 256, (10, 3072), np.uint8)
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name in names:
            content = python_2_batch(pixels.tobytes(), range(10), key)
            info = tarfile.TarInfo(f"{folder}/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue(), pixels


@pytest.mark.parametrize(("name", "key"), [("cifar10", b"labels"), ("cifar100", b"fine_labels")])
def test_cifar_is_downloaded_unpacked_and_read(name, key, remote, tmp_path):
    entry = SOURCES[name].remote
    batches = (*entry.train, entry.test)
    archive, pixels = cifar_archive(entry.folder, batches, key)
    count = 10 * len(entry.train)
    server = remote(name, {entry.files[0].name: archive}, count, 10)
    settings = DataSettings(name, split=Split(validation=0.0))
    home = tmp_path / "data"
    data = load_data(settings, data_dir=str(home))
    assert data.facts == info_of(settings)
    assert data.test.inputs["samples"].numpy().tobytes() == pixels.tobytes()
    assert data.test.target.tolist() == list(range(10))
    assert sorted(remaining_files(home)) == sorted(batches)
    load_data(settings, data_dir=str(home))
    assert len(server.requests) == 1


def test_cifar_pickle_is_never_executed(tmp_path):
    class MaliciousPickle:
        def __reduce__(self):
            return sys.exit, ("executed",)

    content = pickle.dumps({"data": MaliciousPickle(), "labels": [1, 2]}, protocol=2)
    with pytest.raises(DataError, match="not a complete CIFAR batch"):
        read_cifar(content, tmp_path / "data_batch_1")


def test_truncated_cifar_batch_is_rejected(tmp_path):
    content = python_2_batch(b"\0" * 3072, [3], b"labels")
    assert read_cifar(content, tmp_path)[1].tolist() == [3]
    for size in (0, 10, len(content) // 2):
        with pytest.raises(DataError, match="not a complete CIFAR batch"):
            read_cifar(content[:size], tmp_path / "data_batch_1")
