"""How a network ends: whether in probabilities, and what its ends must be, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from dlstudio.network.compile.compile import Component
from dlstudio.network.modules.shapes import Reshape
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.specs.registry import TASKS

_RESHAPING = (nn.Identity, nn.Flatten, Reshape)


def ends_in_sigmoid(component: Component, output: int) -> bool:
    """Whether the result number `output` comes out of a Sigmoid, so that it is a probability."""
    result = component.module.graph.output_node().args[0]
    node: Any = result[output] if isinstance(result, (tuple, list)) else result
    while node.op == "call_module":
        module = component.module.get_submodule(str(node.target))
        if isinstance(module, nn.Sigmoid):
            return True
        if not isinstance(module, _RESHAPING):
            return False
        node = node.args[0]
    return False


def sample_shape_text(tensor: Tensor) -> str:
    """Return the shape of one sample of a batch as people write it."""
    return "×".join(map(str, tensor.shape[1:])) or "one number"


def require_outputs(results: Mapping[str, Tensor], task: str) -> None:
    """Refuse results by role that lack one the task reads.

    Raises:
        TrainingError: One is missing.
    """
    for role in TASKS[task].outputs:
        if role not in results:
            raise TrainingError(
                f"{TASKS[task].title} needs an Output whose role is {role!r}. "
                "Set it in the inspector."
            )


def require_same_shape(output: Tensor, samples: Tensor) -> None:
    """Refuse a reconstruction of another shape than the samples.

    Raises:
        TrainingError: The shapes differ.
    """
    if output.shape != samples.shape:
        raise TrainingError(
            f"The network gives {sample_shape_text(output)} for a sample of {sample_shape_text(samples)}. "
            "Give the last layer as many outputs as a sample has numbers and reshape them."
        )
