"""Checks of a network's outputs: probabilities, missing roles and wrong shapes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torch import Tensor, nn

from dlstudio.data.core.batches import Batch
from dlstudio.network.compile.compile import Component
from dlstudio.network.modules.shapes import Reshape
from dlstudio.training.protocol.errors import MisfitError

_RESHAPING = (nn.Identity, nn.Flatten, Reshape)


def ends_in_sigmoid(component: Component, output: int) -> bool:
    """Whether the result with index `output` comes from a Sigmoid and is a probability."""
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


def target_of(batch: Batch) -> Tensor:
    """Return the target of a batch.

    Raises:
        MisfitError: The data has no target.
    """
    if batch.target is None:
        raise MisfitError("the data has no target")
    return batch.target


def require_roles(
    component: Component, inputs: Iterable[str] = (), outputs: Iterable[str] = ()
) -> None:
    """Check that a network has these Inputs and Outputs.

    Raises:
        MisfitError: One is missing.
    """
    for what, roles, bindings in (
        ("Input", inputs, component.inputs),
        ("Output", outputs, component.outputs),
    ):
        missing = set(roles) - {binding.role for binding in bindings}
        if missing:
            raise MisfitError(f"the network has no {what} with the role {min(missing)!r}")
