"""How a famous network and a reference module come by the same weights."""

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
    """Return a network's tensors by block in the order in which the blocks end.

    Within a block they come in order of execution, or by name where the block's layers do not wait
    for each other; shortcuts come at its end. A tensor that two layers share comes once.
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
    """Let a reference, made on the meta device, use a network's tensors in order.

    `first` names the reference's tensors that it lists later than it uses them.
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
    """Draw weights that keep the signal's scale; one-dimensional tensors differ from each other."""
    for parameter in module.parameters():
        if parameter.ndim > 1:
            nn.init.kaiming_normal_(parameter, nonlinearity="relu")
        else:
            parameter.add_(torch.rand_like(parameter) * 0.1)
    for statistic in module.buffers():
        if statistic.ndim == 1:
            statistic.add_(torch.rand_like(statistic) * 0.1)
