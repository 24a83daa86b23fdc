"""MNIST, its variants and CIFAR; files, checksums and folders as in torchvision."""

from __future__ import annotations

from dlstudio.data.sources.framework.builtin_info import DIGITS, BuiltinInfo
from dlstudio.data.sources.framework.remote import DownloadSpec, RemoteDataset, RemoteFile
from dlstudio.data.sources.framework.source import DOWNLOADS, StandIn
from dlstudio.data.sources.framework.source_options import ROWS
from dlstudio.design.model.signals import Shape

_GREY, _COLOUR = (1, 28, 28), (3, 32, 32)
_TEST_COUNT = 10_000
_IDX_NAMES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
_CIFAR100_CLASSES = (
    "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus "
    "butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch "
    "crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo "
    "keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse "
    "mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy "
    "porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper "
    "snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television "
    "tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm"
)


def _download(
    name: str,
    title: str,
    summary: str,
    credit: str,
    remote: RemoteDataset,
    *,
    shape: Shape,
    count: int,
    class_names: tuple[str, ...],
    stand_in: StandIn | None = None,
) -> DownloadSpec:
    return DownloadSpec(
        name,
        title,
        DOWNLOADS,
        summary,
        reader="dlstudio.data.downloads.torchvision_datasets.read_downloaded",
        info=BuiltinInfo(shape, count, class_names, _TEST_COUNT),
        form="pictures",
        options={"rows": ROWS},
        offline=False,
        download_bytes=sum(file.size for file in remote.files),
        credit=credit,
        stand_in=stand_in,
        remote=remote,
    )


def _idx_files(
    folder: str, mirrors: tuple[str, ...], *checksums_and_sizes: tuple[str, int]
) -> RemoteDataset:
    files = (
        RemoteFile(name, *checksum_and_size)
        for name, checksum_and_size in zip(_IDX_NAMES, checksums_and_sizes, strict=True)
    )
    return RemoteDataset(folder, mirrors, tuple(files))


def _cifar_archive(
    folder: str, archive: RemoteFile, train: tuple[str, ...], test: str
) -> RemoteDataset:
    mirrors = ("https://www.cs.toronto.edu/~kriz/",)
    return RemoteDataset(folder, mirrors, (archive,), train, test)


MNIST = _download(
    "mnist",
    "MNIST",
    "70,000 handwritten digits, 28×28 grey",
    "LeCun, Cortes and Burges, 1998",
    _idx_files(
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
    shape=_GREY,
    count=60_000,
    class_names=DIGITS,
    stand_in=StandIn(
        title="50 digits drawn for dlstudio",
        reader="dlstudio.data.downloads.drawn_digits.read_drawn_digits",
        mean=(0.1307,),
        deviation=(0.3081,),
    ),
)
FASHION_MNIST = _download(
    "fashion-mnist",
    "Fashion-MNIST",
    "70,000 articles of clothing in ten classes, 28×28 grey",
    "Xiao, Rasul and Vollgraf, 2017",
    _idx_files(
        "FashionMNIST/raw",
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880),
        ("25c81989df183df01b3e8a0aad5dffbe", 29_515),
        ("bef4ecab320f06d8554ea6380940ec79", 4_422_102),
        ("bb300cfdad3c16e7a12a480ee83cd310", 5_148),
    ),
    shape=_GREY,
    count=60_000,
    class_names=(
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
    ),
)  # fmt: skip
KMNIST = _download(
    "kmnist",
    "KMNIST",
    "70,000 cursive Japanese characters in ten classes, 28×28 grey",
    "Clanuwat and others, Center for Open Data in the Humanities, 2018",
    _idx_files(
        "KMNIST/raw",
        ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
        ("bdb82020997e1d708af4cf47b453dcf7", 18_165_135),
        ("e144d726b3acfaa3e44228e80efcd344", 29_497),
        ("5c965bf0a639b31b8f53240b1b52f4d7", 3_041_136),
        ("7320c461ea6c1c855c0b718fb2a4b134", 5_120),
    ),
    shape=_GREY,
    count=60_000,
    class_names=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
)
CIFAR10 = _download(
    "cifar10",
    "CIFAR-10",
    "60,000 photographs in ten classes, 32×32 colour",
    "Krizhevsky, 2009",
    _cifar_archive(
        "cifar-10-batches-py",
        RemoteFile("cifar-10-python.tar.gz", "c58f30108f718f92721af3b95e74349a", 170_498_071),
        tuple(f"data_batch_{number}" for number in range(1, 6)),
        "test_batch",
    ),
    shape=_COLOUR,
    count=50_000,
    class_names=(
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ),
)  # fmt: skip
CIFAR100 = _download(
    "cifar100",
    "CIFAR-100",
    "60,000 photographs in a hundred classes, 32×32 colour",
    "Krizhevsky, 2009",
    _cifar_archive(
        "cifar-100-python",
        RemoteFile("cifar-100-python.tar.gz", "eb9058c3a382ffc7106e4002c42a8d85", 169_001_437),
        ("train",),
        "test",
    ),
    shape=_COLOUR,
    count=50_000,
    class_names=tuple(name.replace("_", " ") for name in _CIFAR100_CLASSES.split()),
)
