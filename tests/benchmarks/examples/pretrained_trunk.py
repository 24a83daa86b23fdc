"""Trains `mnist-cnn` and saves all layers but the last as the trunk of `transfer-digits`.

    python -m tests.benchmarks.examples.pretrained_trunk [FOLDER]

The run is kept in FOLDER, by default in `.benchmarks`, and resumed if it was interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.network.weights.weights import read_weights
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import EpochDone, Failed, Finished, RunOptions

EXAMPLE, LAST_LAYER = "mnist-cnn", "linear_2"
TRUNK_FILE = example_path("transfer-digits").with_name("mnist-trunk.safetensors")
RUN_DIR = Path(__file__).resolve().parents[3] / ".benchmarks" / "trunk"


def main(folder: Path = RUN_DIR) -> int:
    """Train the network, print its test accuracy and save the trunk."""
    options = RunOptions(device="cpu", threads=1, run_dir=str(folder), resume=folder.exists())
    for event in train(load(example_path(EXAMPLE)), options):
        if isinstance(event, EpochDone):
            print(f"epoch {event.epoch}: {event.metrics['test_accuracy']:.2%}", flush=True)
        elif isinstance(event, Failed):
            print(event.text, file=sys.stderr)
            return 1
        elif isinstance(event, Finished):
            metadata = {
                "format": "dlstudio",
                "title": f"{EXAMPLE} without its last layer, trained on MNIST",
                "test_accuracy": f"{event.metrics['test_accuracy']:.4f}",
            }
            save_file(
                extract_trunk(read_weights(event.weights_file)), TRUNK_FILE, metadata=metadata
            )
            print(f"{TRUNK_FILE}: {TRUNK_FILE.stat().st_size / 1e3:,.0f} kB")
    return 0


def extract_trunk(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return all weights but the last layer's, in half precision."""
    return {
        name: (tensor.to(torch.float16) if tensor.is_floating_point() else tensor).contiguous()
        for name, tensor in weights.items()
        if not name.startswith(f"{LAST_LAYER}.")
    }


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main(*map(Path, sys.argv[1:])))
