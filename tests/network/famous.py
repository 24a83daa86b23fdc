"""How a famous network and a reference module come by the same weights."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, fx, nn

from dlstudio.design.model import Project
from dlstudio.design.signals import DataFacts
from dlstudio.network.compile import compile_design


def network_of(project: Project, facts: DataFacts) -> fx.GraphModule:
    return compile_design(project, facts).single.module.eval()


def in_order(network: fx.GraphModule, *, by_name: bool = False) -> list[Tensor]:
    """Return a network's tensors by block in the order in which the blocks end.

    Within a block they come in order of execution, or by name where the block's layers do not wait
    for each other; shortcuts come at its end. A tensor that two layers share comes once.
    """
    targets = [str(each.target) for each in network.graph.nodes if each.op == "call_module"]
    end = {_owner(target): place for place, target in enumerate(targets)}
    targets.sort(key=lambda it: (end[_owner(it)], "projection" in it, it if by_name else ""))
    modules = [network.get_submodule(each) for each in targets]
    states = [module.state_dict(keep_vars=True) for module in modules]
    tensors = [tensor for state in states for tensor in state.values()]
    return list({each.data_ptr(): each for each in tensors}.values())


def _owner(target: str) -> str:
    return target.rpartition(".")[0] or target


def give(tensors: Iterable[Tensor], reference: nn.Module, first: tuple[str, ...] = ()) -> None:
    """Let a reference, made on the meta device, use a network's tensors in order.

    `first` names the reference's tensors that it lists later than it uses them.
    """
    wanted = reference.state_dict()
    names = [*first, *(name for name in wanted if name not in first)]
    given = dict(zip(names, tensors, strict=True))
    for name, each in given.items():
        assert each.squeeze().shape == wanted[name].squeeze().shape, name
    viewed = {name: each.detach().view(wanted[name].shape) for name, each in given.items()}
    reference.load_state_dict(viewed, assign=True)


@torch.no_grad()
def disturb(module: nn.Module) -> None:
    """Draw weights that keep signals alive, and vectors by which each can be told apart."""
    for each in module.parameters():
        if each.ndim > 1:
            nn.init.kaiming_normal_(each, nonlinearity="relu")
        else:
            each.add_(torch.rand_like(each) * 0.1)
    for statistic in module.buffers():
        if statistic.ndim == 1:
            statistic.add_(torch.rand_like(statistic) * 0.1)
