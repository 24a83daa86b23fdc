"""Optimisers of parameter groups, with their schedules and gradient clipping."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn, optim

from dlstudio.design.model.training_settings import Optimiser, ParameterGroup, Selector, chosen
from dlstudio.network.compile.compile import Compiled, Component
from dlstudio.training.optim.schedules import SchedulePosition, factor_function
from dlstudio.training.options.named_option import find_option
from dlstudio.training.options.training_options import OPTIMISERS


class GroupOptimiser:
    """One parameter group with its optimiser, schedule and clipping."""

    def __init__(
        self,
        index: int,
        group: ParameterGroup,
        parameters: Sequence[nn.Parameter],
        device: torch.device,
    ) -> None:
        """Build the optimiser, fused if torch supports it; `index` is that of the group."""
        self.index = index
        self.parameters = tuple(parameters)
        self.torch_optimiser = build_optimiser(group.optimiser, self.parameters, device)
        self.update_settings(group)

    def update_settings(self, group: ParameterGroup) -> None:
        """Apply changed rates, schedule and clipping; the optimiser's state stays."""
        self.group = group
        self._factor = factor_function(group.schedule)

    def learning_rate(self, position: SchedulePosition, plateau: float) -> float:
        """Return the learning rate of a step."""
        rate = chosen(self.group.optimiser.learning_rate) * self.group.factor
        if self._factor is not None:
            return rate * self._factor(position)
        return rate * plateau if self.group.schedule.name == "plateau" else rate

    def set_learning_rate(self, rate: float) -> None:
        """Set the learning rate of the next step."""
        for param_group in self.torch_optimiser.param_groups:
            param_group["lr"] = rate

    def clip_gradients(self) -> None:
        """Clip the gradients by the group's settings."""
        clipping = self.group.clipping
        if clipping.mode == "norm":
            nn.utils.clip_grad_norm_(self.parameters, clipping.limit)
        elif clipping.mode == "value":
            nn.utils.clip_grad_value_(self.parameters, clipping.limit)

    def gradients(self) -> Iterator[Tensor]:
        """Yield the gradients that are not None."""
        for parameter in self.parameters:
            if parameter.grad is not None:
                yield parameter.grad

    def zero_grad(self) -> None:
        """Set the gradients to None, without the overhead of torch's `zero_grad`."""
        for parameter in self.parameters:
            parameter.grad = None


def build_group_optimisers(
    compiled: Compiled, groups: Sequence[ParameterGroup], device: torch.device
) -> tuple[GroupOptimiser, ...]:
    """Return an optimiser for each group that has parameters.

    Raises:
        ValueError: A group's settings do not pass the check of the design.
    """
    members = assign_parameters(compiled, groups)
    return tuple(
        GroupOptimiser(number, group, parameters, device)
        for number, (group, parameters) in enumerate(zip(groups, members, strict=True))
        if parameters
    )


def assign_parameters(
    compiled: Compiled, groups: Sequence[ParameterGroup]
) -> tuple[tuple[nn.Parameter, ...], ...]:
    """Return the parameters of each group; each belongs to the first group that selects it.

    A shared parameter is selected by the layer that owns it, and the component of that layer.
    """
    owner_roles = {
        name: _roles(component)
        for component in compiled.components
        for name, _ in component.module.named_parameters(remove_duplicate=False)
        if name not in compiled.ties
    }
    members: tuple[list[nn.Parameter], ...] = tuple([] for _ in groups)
    assigned: set[int] = set()
    for component in compiled.components:
        for name, parameter in component.module.named_parameters():
            if id(parameter) in assigned:
                continue
            owner = compiled.ties.get(name, name)
            roles = owner_roles.get(owner) or _roles(component)
            for group, group_parameters in zip(groups, members, strict=True):
                if matches(group.selector, owner, roles):
                    group_parameters.append(parameter)
                    assigned.add(id(parameter))
                    break
    return tuple(map(tuple, members))


def _roles(component: Component) -> frozenset[str]:
    return frozenset(binding.role for binding in (*component.inputs, *component.outputs))


def matches(selector: Selector, name: str, roles: Collection[str]) -> bool:
    """Whether a group selects a parameter of a component with these roles."""
    if selector.role and selector.role not in roles:
        return False
    return not selector.paths or selector.matches(name)


def selects_single(selector: Selector, layer: str) -> bool:
    """Whether a group selects single parameters of a layer, such as its bias."""
    return any(path.startswith(f"{layer}.") for path in selector.paths)


def build_optimiser(
    settings: Optimiser, parameters: Sequence[nn.Parameter], device: torch.device
) -> optim.Optimizer:
    """Return a torch optimiser of the parameters, in their order.

    Raises:
        ValueError: The optimiser is unknown, or one of its settings is invalid.
    """
    fused = device.type in ("cpu", "cuda", "mps")
    options = find_option(OPTIMISERS, settings.name, "optimiser").parse(settings.settings)
    return _create_optimiser(settings, _split_by_decay(settings, parameters), options, fused)


def _create_optimiser(
    settings: Optimiser, groups: list[dict[str, Any]], options: dict[str, Any], fused: bool
) -> optim.Optimizer:
    rate = chosen(settings.learning_rate)
    if settings.name == "sgd":
        return optim.SGD(groups, lr=rate, **options, fused=fused)
    if settings.name == "rmsprop":
        return optim.RMSprop(groups, lr=rate, **options)
    optimiser_class = optim.Adam if settings.name == "adam" else optim.AdamW
    betas = (options["beta1"], options["beta2"])
    return optimiser_class(groups, lr=rate, betas=betas, eps=options["eps"], fused=fused)


def _split_by_decay(
    settings: Optimiser, parameters: Sequence[nn.Parameter]
) -> list[dict[str, Any]]:
    """Split by weight decay: biases and norms, which have a single axis, have none."""
    decay = settings.weight_decay
    if settings.decay_all or decay == 0:
        return [{"params": list(parameters), "weight_decay": decay}]
    weights = [parameter for parameter in parameters if parameter.ndim > 1]
    others = [parameter for parameter in parameters if parameter.ndim <= 1]
    groups = ((weights, decay), (others, 0.0))
    return [
        {"params": parameters, "weight_decay": group_decay}
        for parameters, group_decay in groups
        if parameters
    ]
