"""Layer kinds of installed packages, from the entry point `dlstudio.layers`.

An invalid package is skipped with a reason, so that it never prevents dlstudio from starting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from dlstudio.design.model.identifiers import is_valid_id
from dlstudio.design.model.model import BLOCK, BLOCK_INPUT, BLOCK_OUTPUT
from dlstudio.entry_points import Plugins, find_plugins, reason_text
from dlstudio.layers.framework.categories import CATEGORIES
from dlstudio.layers.framework.kind import LayerKind

GROUP = "dlstudio.layers"
REQUIRED_TEXTS = ("name", "title", "category", "summary", "explanation")


def find_layer_plugins(taken: Collection[str]) -> Plugins[type[LayerKind]]:
    """Return the kinds of all installed packages; `taken` are reserved names."""
    return find_plugins(GROUP, "layers", "a tuple of LayerKind classes", _rejection_reasons, taken)


def _rejection_reasons(kind: Any, taken: Collection[str]) -> Iterator[str]:
    """Yield each reason why an object is not a valid layer kind."""
    if not (isinstance(kind, type) and issubclass(kind, LayerKind)):
        yield f"{kind!r} is not a LayerKind class"
    missing = [
        attribute
        for attribute in REQUIRED_TEXTS
        if not isinstance(getattr(kind, attribute, None), str)
    ]
    if missing:
        yield f"{kind.__name__} has no {', '.join(missing)}"
    if "__dataclass_params__" not in vars(kind):
        yield f"{kind.__name__} needs the decorator @dataclass(frozen=True)"
    if not is_valid_id(kind.name) or kind.name in (BLOCK, BLOCK_INPUT, BLOCK_OUTPUT):
        yield f"{kind.name!r} is not a valid name of a layer kind"
    if kind.name in taken:
        yield f"there is already a layer kind called {kind.name!r}"
    if kind.category not in [category.name for category in CATEGORIES]:
        yield f"{kind.name!r} has the unknown category {kind.category!r}"
    try:
        kind.parse({name: setting.default for name, setting in kind.declarations().items()}, {})
    except Exception as error:  # noqa: BLE001 - errors in packages are reported
        yield f"{kind.name!r} cannot be created with its defaults: {reason_text(error)}"
