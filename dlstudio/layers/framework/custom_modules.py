"""Calls of the studio's own modules, for what torch.nn lacks."""

from __future__ import annotations

from typing import Any

from dlstudio.layers.framework.kind import Call, LayerKind
from dlstudio.layers.framework.weighted import FROZEN, INITIALISATION

MODULES = "dlstudio.network.modules."


def custom_call(kind: LayerKind, module: str, **sizes: Any) -> Call:
    """Return the call of the module that bears the kind's title.

    Args:
        kind: Its settings become arguments of the same names.
        module: The module's file in `dlstudio.network.modules`.
        sizes: Arguments that follow from what is wired in.
    """
    names = [name for name in kind.declarations() if name not in (INITIALISATION, FROZEN)]
    settings = {name: getattr(kind, name) for name in names}
    return Call(f"{MODULES}{module}.{kind.title}", {**sizes, **settings})
