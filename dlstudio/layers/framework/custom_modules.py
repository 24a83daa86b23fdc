"""Calls of dlstudio's own modules, for layers that torch.nn lacks."""

from __future__ import annotations

from typing import Any

from dlstudio.layers.framework.kind import Call, LayerKind
from dlstudio.layers.framework.weighted import FROZEN, INITIALISATION

MODULES = "dlstudio.network.modules."


def custom_call(kind: LayerKind, module: str, **sizes: Any) -> Call:
    """Return the call of the module that has the kind's title as its name.

    Args:
        kind: Its settings become arguments of the same names.
        module: The file in `dlstudio.network.modules`.
        sizes: Arguments that follow from the inputs.
    """
    names = [name for name in kind.declarations() if name not in (INITIALISATION, FROZEN)]
    settings = {name: getattr(kind, name) for name in names}
    return Call(f"{MODULES}{module}.{kind.title}", {**sizes, **settings})
