"""Lends a network in training to a view, and undoes what would change the next steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor, nn

from dlstudio.insight.common.eval_mode import eval_mode

_MODULE_HOOKS = tuple(name for name in vars(nn.Module()) if "_hooks" in name)
_TENSOR_HOOKS = ("_backward_hooks", "_post_accumulate_grad_hooks")
_FULL_BACKWARD = "_is_full_backward_hook"


@contextmanager
def borrowed(module: nn.Module) -> Iterator[None]:
    """Restore modes, `requires_grad` and hooks on exit, and remove the gradients.

    The next step would add gradients that remain to its own.
    """
    parameters = [(parameter, parameter.requires_grad) for parameter in module.parameters()]
    modules = [(submodule, getattr(submodule, _FULL_BACKWARD)) for submodule in module.modules()]
    hooks = [_Hooks(submodule, _MODULE_HOOKS) for submodule, _ in modules]
    hooks += [_Hooks(parameter, _TENSOR_HOOKS) for parameter, _ in parameters]
    try:
        with eval_mode(module):
            yield
    finally:
        for owner in hooks:
            owner.restore()
        for submodule, is_full_backward in modules:
            setattr(submodule, _FULL_BACKWARD, is_full_backward)
        for parameter, requires_grad in parameters:
            parameter.requires_grad = requires_grad
            parameter.grad = None


class _Hooks:
    """The hooks of a module or a parameter at one moment."""

    def __init__(self, owner: nn.Module | Tensor, names: Sequence[str]) -> None:
        self._owner = owner
        self._names = names
        self._hooks = {name: dict(hooks) for name in names if (hooks := getattr(owner, name))}

    def restore(self) -> None:
        """Remove later hooks and put back removed ones."""
        for name in self._names:
            hooks = getattr(self._owner, name)
            if not hooks and name not in self._hooks:
                continue
            before = self._hooks.get(name, {})
            if hooks.keys() != before.keys():
                hooks.clear()
                hooks.update(before)
