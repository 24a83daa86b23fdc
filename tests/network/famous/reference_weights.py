"""Gives a famous network and a reference module the same weights."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, fx, nn

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.network.compile.compile import compile_design


def network_of(project: Project, facts: DatasetInfo) -> fx.GraphModule:
    return compile_design(project, facts).single.module.eval()


def tensors_in_order(network: fx.GraphModule, *, by_name: bool = False) -> list[Tensor]:
    """Return a network's tensors, sorted by the position of each block's last layer.

    Within a block they are in order of execution, or `by_name` for blocks with parallel layers;
    projection shortcuts are last. A shared tensor is returned once.
    """
    targets = [str(node.target) for node in network.graph.nodes if node.op == "call_module"]
    end = {_owner(target): index for index, target in enumerate(targets)}
    targets.sort(
        key=lambda target: (end[_owner(target)], "projection" in target, target if by_name else "")
    )
    modules = [network.get_submodule(target) for target in targets]
    states = [module.state_dict(keep_vars=True) for module in modules]
    tensors = [tensor for state in states for tensor in state.values()]
    return list({tensor.data_ptr(): tensor for tensor in tensors}.values())


def _owner(target: str) -> str:
    return target.rpartition(".")[0] or target


def assign_tensors(
    tensors: Iterable[Tensor], reference: nn.Module, first: tuple[str, ...] = ()
) -> None:
    """Assign a network's tensors, in order, to a reference built on the meta device.

    `first` names tensors that the reference uses first but lists later.
    """
    state = reference.state_dict()
    names = [*first, *(name for name in state if name not in first)]
    assigned = dict(zip(names, tensors, strict=True))
    for name, tensor in assigned.items():
        assert tensor.squeeze().shape == state[name].squeeze().shape, name
    viewed = {name: tensor.detach().view(state[name].shape) for name, tensor in assigned.items()}
    reference.load_state_dict(viewed, assign=True)


@torch.no_grad()
def randomise(module: nn.Module) -> None:
    """Draw weights that preserve the signal's scale, and distinct one-dimensional tensors."""
    for parameter in module.parameters():
        if parameter.ndim > 1:
            nn.init.kaiming_normal_(parameter, nonlinearity="relu")
        else:
            parameter.add_(torch.rand_like(parameter) * 0.1)
    for statistic in module.buffers():
        if statistic.ndim == 1:
            statistic.add_(torch.rand_like(statistic) * 0.1)
