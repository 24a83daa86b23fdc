"""The training loop of PyTorch's tutorials, for comparison: a DataLoader over torchvision's MNIST.

Prints one JSON object: the seconds of training and evaluation, and the final test accuracy.
    python pytorch_loop.py NETWORK EPOCHS SEED
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def deepnet() -> nn.Module:
    """784-256-ReLU-BatchNorm-128-ReLU-BatchNorm-64-ReLU-10."""
    return nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(784, 256), nn.ReLU(), nn.BatchNorm1d(256)),
        *(nn.Linear(256, 128), nn.ReLU(), nn.BatchNorm1d(128)),
        *(nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)),
    )


def dropout() -> nn.Module:
    """784-256-ReLU-Dropout 0.2-128-ReLU-Dropout 0.2-10."""
    return nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.2)),
        *(nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.2)),
        nn.Linear(128, 10),
    )


def cnn() -> nn.Module:
    """Convolutions of 16 and 32 filters, each with BatchNorm and pooling, then 128 and 10."""
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding="same"), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding="same"), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(32 * 7 * 7, 128), nn.ReLU(), nn.Dropout(0.25)),
        nn.Linear(128, 10),
    )


NETWORKS: dict[str, tuple[Callable[[], nn.Module], int]] = {
    "mnist-deepnet": (deepnet, 256),
    "mnist-dropout": (dropout, 64),
    "mnist-cnn": (cnn, 128),
}
"""Each network with its batch size."""


def mnist(folder: str, *, train: bool) -> datasets.MNIST:
    """Return torchvision's MNIST, normalised by its published mean and deviation."""
    transform = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))]
    )
    return datasets.MNIST(folder, train=train, download=True, transform=transform)


def accuracy(network: nn.Module, loader: DataLoader[tuple[Tensor, Tensor]]) -> float:
    """Return the share of correct predictions."""
    network.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in loader:
            correct += int((network(images).argmax(1) == labels).sum())
    return correct / len(loader.dataset)  # type: ignore[arg-type]


def main(name: str, epochs: int, seed: int) -> None:
    """Train a network and print its seconds and test accuracy."""
    torch.manual_seed(seed)
    build, batch = NETWORKS[name]
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "MNIST" / "raw"
        shutil.copytree(Path(os.environ["DLSTUDIO_DATA"]) / "MNIST" / "raw", raw)
        train = DataLoader(mnist(folder, train=True), batch_size=batch, shuffle=True)
        test = DataLoader(mnist(folder, train=False), batch_size=1000)
        network = build()
        optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
        criterion = nn.CrossEntropyLoss()
        start = time.perf_counter()
        test_accuracy = 0.0
        for _ in range(epochs):
            network.train()
            for images, labels in train:
                optimiser.zero_grad()
                criterion(network(images), labels).backward()
                optimiser.step()
            test_accuracy = accuracy(network, test)
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "accuracy": test_accuracy}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
