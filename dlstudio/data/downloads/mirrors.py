"""Where downloads come from and how they are recognised; figures as torchvision lists them."""

from __future__ import annotations

from dataclasses import dataclass


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


_IDX_NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


def _idx_dataset(
    folder: str, mirrors: tuple[str, ...], *checksums_and_sizes: tuple[str, int]
) -> RemoteDataset:
    files = (
        RemoteFile(name, *checksum_and_size)  # an MD5 sum and a size
        for name, checksum_and_size in zip(_IDX_NAMES, checksums_and_sizes, strict=True)
    )
    return RemoteDataset(folder, mirrors, tuple(files))


CATALOGUE: dict[str, RemoteDataset] = {
    "mnist": _idx_dataset(
        "MNIST/raw",
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "http://yann.lecun.com/exdb/mnist/",
        ),
        ("f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422),
        ("d53e105ee54ea40749a09fcbcd1e9432", 28_881),
        ("9fb629c4189551a2d022fa330f9573f3", 1_648_877),
        ("ec29112dd5afa0611ce80d1b7f02629c", 4_542),
    ),
    "fashion-mnist": _idx_dataset(
        "FashionMNIST/raw",
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
        ("25c81989df183df01b3e8a0aad5dffbe", 29_515),
        ("bef4ecab320f06d8554ea6380940ec79", 4_422_102),
        ("bb300cfdad3c16e7a12a480ee83cd310", 5_148),
    ),
    "kmnist": _idx_dataset(
        "KMNIST/raw",
        ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
        ("bdb82020997e1d708af4cf47b453dcf7", 18_165_135),
        ("e144d726b3acfaa3e44228e80efcd344", 29_497),
        ("5c965bf0a639b31b8f53240b1b52f4d7", 3_041_136),
        ("7320c461ea6c1c855c0b718fb2a4b134", 5_120),
    ),
    "cifar10": RemoteDataset(
        "cifar-10-batches-py",
        ("https://www.cs.toronto.edu/~kriz/",),
        (
            RemoteFile(
                "cifar-10-python.tar.gz", "c58f30108f718f92721af3b95e74349a", 170_498_071
            ),
        ),
        tuple(f"data_batch_{number}" for number in range(1, 6)),
        "test_batch",
    ),
    "cifar100": RemoteDataset(
        "cifar-100-python",
        ("https://www.cs.toronto.edu/~kriz/",),
        (
            RemoteFile(
                "cifar-100-python.tar.gz", "eb9058c3a382ffc7106e4002c42a8d85", 169_001_437
            ),
        ),
        ("train",),
        "test",
    ),
}  # fmt: skip
