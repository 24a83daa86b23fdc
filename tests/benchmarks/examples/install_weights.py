"""Lays the weights of long trainings beside the examples, in half precision.

    python -m tests.benchmarks.examples.install_weights NAME…

What `run.py examples` trained is looked up. An example whose figure comes from other data than its
own (another text, say) is trained anew as it ships.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace

import torch
from safetensors.torch import save_file
from torch import Tensor

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load, save
from dlstudio.design.model.model import WeightsRef
from dlstudio.network.weights.weights import fingerprint_file, read_weights
from tests.benchmarks.examples.example_runs import Trainer
from tests.benchmarks.examples.example_targets import EXAMPLE_SPECS
from tests.benchmarks.examples.targets import ExampleSpec

MAX_BYTES = 2_000_000
TIME_LIMIT = 900.0


def main() -> int:
    """Ship the weights of every example named; return 1 where one has none to ship."""
    missing = [name for name in sys.argv[1:] if not install_weights(name, Trainer(TIME_LIMIT))]
    for name in missing:
        print(f"{name}: no long training of this design is finished", file=sys.stderr)
    return 1 if missing else 0


def install_weights(name: str, trainer: Trainer) -> bool:
    """Put an example's weights beside it; False where there are none, or too many."""
    promise = ExampleSpec(EXAMPLE_SPECS[name].targets)
    project = load(example_path(name))
    if EXAMPLE_SPECS[name].change(project) == project:
        promise = EXAMPLE_SPECS[name]
    next(trainer.records(name, promise))
    weights_file = trainer.weights(name, promise)
    if not weights_file.exists():
        return False
    path = example_path(name).with_suffix(".safetensors")
    save_file(to_half(read_weights(weights_file)), path, metadata={"format": "dlstudio"})
    print(f"{path.name}: {path.stat().st_size:,} bytes")
    reference = WeightsRef(path.name, fingerprint_file(path))
    save(replace(project, weights=reference), example_path(name))
    return path.stat().st_size <= MAX_BYTES


def to_half(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors with all that are floats in half precision.

    Raises:
        OverflowError: A number is too large for it.
    """
    half = {
        name: tensor.half() if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }
    for name, tensor in half.items():
        if not torch.isfinite(tensor).all():
            raise OverflowError(f"{name} does not fit half precision")
    return half


if __name__ == "__main__":
    sys.exit(main())
