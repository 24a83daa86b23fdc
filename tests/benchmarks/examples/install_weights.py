"""Writes the weights of long runs beside the examples, in half precision.

    python -m tests.benchmarks.examples.install_weights NAME…

Runs cached by `run.py examples` are reused. An example that is measured on other data than it
ships with (another text, for instance) is trained again with its own.
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
    """Install the weights of the named examples; return 1 if some have none."""
    missing = [name for name in sys.argv[1:] if not install_weights(name, Trainer(TIME_LIMIT))]
    for name in missing:
        print(f"{name}: no finished long run of this design, or too large", file=sys.stderr)
    return 1 if missing else 0


def install_weights(name: str, trainer: Trainer) -> bool:
    """Write an example's weights beside it; return False if there are none, or too many bytes."""
    spec = ExampleSpec(EXAMPLE_SPECS[name].targets)
    project = load(example_path(name))
    if EXAMPLE_SPECS[name].change(project) == project:
        spec = EXAMPLE_SPECS[name]
    next(trainer.records(name, spec))
    weights_file = trainer.weights(name, spec)
    if not weights_file.exists():
        return False
    path = example_path(name).with_suffix(".safetensors")
    save_file(to_half(read_weights(weights_file)), path, metadata={"format": "dlstudio"})
    print(f"{path.name}: {path.stat().st_size:,} bytes")
    reference = WeightsRef(path.name, fingerprint_file(path))
    save(replace(project, weights=reference), example_path(name))
    return path.stat().st_size <= MAX_BYTES


def to_half(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors with all floats in half precision.

    Raises:
        OverflowError: A number is too large for half precision.
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
