"""Seeds initial weights per node path: adding a layer leaves those of the others unchanged.

Torch's global generator is never used: a run in another thread may be drawing from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from dlstudio.layers.framework.kind import NO_NORM, Call
from dlstudio.network.build.build import apply_weight_norm, build
from dlstudio.network.build.cost import NORM_LAYERS

NORMAL_DEVIATION = 0.02


def path_seed(seed: int, path: str) -> int:
    """Return the seed of one node's weights: a hash of the run's seed and the node's path."""
    digest = hashlib.blake2b(f"{seed}:{path}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class _SeededDispatch(TorchDispatchMode):
    """Makes torch's own initialisers use a given generator instead of the global one."""

    def __init__(self, generator: torch.Generator) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._generator = generator

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        keywords = dict(kwargs or {})
        if any(argument.name == "generator" for argument in func._schema.arguments):
            keywords["generator"] = self._generator
        return func(*args, **keywords)


def build_initialised(call: Call, initialisation: str, seed: int) -> nn.Module:
    """Return the module of a call on the CPU, its weights determined by `seed` alone.

    With `default` they equal those of torch after `torch.manual_seed(seed)`.

    Args:
        call: What to build.
        seed: A result of `path_seed`.
        initialisation: A name in `INITIALISATIONS`, or `default`.
    """
    generator = torch.Generator().manual_seed(seed)
    with _SeededDispatch(generator):
        module = build(replace(call, norm=NO_NORM), "cpu")
    if initialisation != "default":
        initialise(module, initialisation, generator)
    with _SeededDispatch(generator):
        return apply_weight_norm(module, call.norm)


@torch.no_grad()
def initialise(module: nn.Module, name: str, generator: torch.Generator) -> None:
    """Initialise the weight matrices again and set the biases to zero.

    In a norm or another module without matrices, the scale is initialised; next to matrices, norms
    keep their ones.
    """
    initialiser = INITIALISATIONS[name]
    scales = isinstance(module, NORM_LAYERS) or all(
        parameter.ndim < 2 for parameter in module.parameters()
    )
    for submodule in module.modules():
        for parameter_name, parameter in submodule.named_parameters(recurse=False):
            if parameter_name == "bias" or ("bias" in parameter_name and parameter.ndim < 2):
                parameter.zero_()
            elif parameter.ndim >= 2:
                for matrix in parameter.chunk(_matrix_count(submodule, parameter_name, parameter)):
                    initialiser(matrix, generator)
            elif scales or name == "zero":
                initialiser(parameter, generator)


def _matrix_count(module: nn.Module, name: str, parameter: Tensor) -> int:
    """Return how many matrices torch stores as one: of the gates, or of query, key and value."""
    if isinstance(module, nn.RNNBase):
        return len(parameter) // module.hidden_size
    return 3 if name == "in_proj_weight" else 1


def _he_normal(weight: Tensor, generator: torch.Generator) -> None:
    nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator)


def _he_uniform(weight: Tensor, generator: torch.Generator) -> None:
    nn.init.kaiming_uniform_(weight, nonlinearity="relu", generator=generator)


def _xavier_normal(weight: Tensor, generator: torch.Generator) -> None:
    nn.init.xavier_normal_(weight, generator=generator)


def _xavier_uniform(weight: Tensor, generator: torch.Generator) -> None:
    nn.init.xavier_uniform_(weight, generator=generator)


def _normal(weight: Tensor, generator: torch.Generator) -> None:
    nn.init.normal_(weight, std=NORMAL_DEVIATION, generator=generator)


def _zero(weight: Tensor, generator: torch.Generator) -> None:
    del generator
    nn.init.zeros_(weight)


INITIALISATIONS: Mapping[str, Callable[[Tensor, torch.Generator], None]] = {
    "he_normal": _he_normal,
    "he_uniform": _he_uniform,
    "xavier_normal": _xavier_normal,
    "xavier_uniform": _xavier_uniform,
    "normal": _normal,
    "zero": _zero,
}
