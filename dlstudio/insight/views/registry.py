"""All views by name, in the order of their tabs.

Each built-in view has one line here; installed packages can add more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dlstudio.design.model.identifiers import is_valid_id
from dlstudio.entry_points import Plugins, find_plugins
from dlstudio.insight.views import activations, anomalies, probe, samples
from dlstudio.insight.views.spec import COSTS, INPUTS, ViewSpec
from dlstudio.layers.framework.settings import Setting
from dlstudio.resources import resource

GROUP = "dlstudio.views"
TAKEN = frozenset({"curves", "problems", "runs", "log"})
"""Names of tabs that are not views."""
_TEXTS = ("name", "title", "help", "compute", "icon")

_BUILTIN: Mapping[str, ViewSpec] = {
    view.name: view
    for view in (
        activations.VIEW,
        samples.VIEW,
        anomalies.VIEW,
        probe.VIEW,
    )
}


def find_plugin_views(taken: Collection[str]) -> Plugins[ViewSpec]:
    """Return the views of all installed packages, without those whose name is in `taken`."""
    return find_plugins(GROUP, "views", "a tuple of ViewSpec", _rejection_reasons, taken)


def _rejection_reasons(spec: Any, taken: Collection[str]) -> Iterator[str]:
    """Yield why an object cannot be a view."""
    if not isinstance(spec, ViewSpec):
        yield f"{spec!r} is not a ViewSpec"
    if missing := [text for text in _TEXTS if not isinstance(getattr(spec, text), str)]:
        yield f"a view has no {', '.join(missing)}"
    if not is_valid_id(spec.name):
        yield f"{spec.name!r} is not a valid view name"
    if spec.name in taken:
        yield f"the name {spec.name!r} is already in use"
    if spec.input not in INPUTS or spec.cost not in COSTS:
        yield f"{spec.name!r} has the unknown input {spec.input!r} or cost {spec.cost!r}"
    elif spec.cost == "live" and spec.input != "state":
        yield f"{spec.name!r} is live, which only a view with the input state can be"
    for target in filter(None, (spec.compute, spec.panel)):
        if not all(map(str.isidentifier, target.split("."))) or "." not in target:
            yield f"{spec.name!r} has the target {target!r}, which is not a dotted name"
    if spec.icon and not _is_icon(spec.icon):
        yield f"{spec.name!r} has the unknown icon {spec.icon!r}"
    if not callable(spec.needs):
        yield f"{spec.name!r}: needs is not callable"
    yield from _rejected_options(spec)


def _rejected_options(spec: Any) -> Iterator[str]:
    for name, setting in spec.options.items():
        if not isinstance(setting, Setting):
            yield f"{spec.name!r} has the option {name!r}, which is not a Setting"
    try:
        spec.parse({})
    except ValueError as error:
        yield f"{spec.name!r} cannot be computed with its defaults: {error}"


def _is_icon(name: str) -> bool:
    try:
        return resource("icons", f"{name}.svg").is_file()
    except FileNotFoundError:
        return False


_PLUGINS = find_plugin_views({*_BUILTIN, *TAKEN})

VIEWS: Mapping[str, ViewSpec] = {**_BUILTIN, **_PLUGINS.declarations}

PLUGIN_VIEWS: frozenset[str] = frozenset(_PLUGINS.declarations)
"""Names of the views that come from installed packages."""

PLUGIN_ERRORS: tuple[str, ...] = _PLUGINS.errors
"""One message for each plug-in view that could not be loaded, with the reason."""
