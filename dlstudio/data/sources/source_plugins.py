"""Data sources of installed packages, from the entry point `dlstudio.sources`.

An entry point names a tuple of `SourceSpec` values. An invalid package is skipped with a reason,
so that it never prevents the studio from starting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dlstudio.data.sources.framework.source import PathSpec, SourceSpec
from dlstudio.entry_points import Plugins, find_plugins
from dlstudio.layers.framework.settings import Setting

GROUP = "dlstudio.sources"
FORMS = ("pictures", "table", "text", "sequences", "any")
_REQUIRED_TEXTS = ("name", "title", "group", "summary", "reader")


def find_source_plugins(taken: Collection[str]) -> Plugins[SourceSpec]:
    """Return the sources of all installed packages; `taken` are reserved names."""
    return find_plugins(
        GROUP, "data sources", "a tuple of SourceSpec values", _rejection_reasons, taken
    )


def _rejection_reasons(spec: Any, taken: Collection[str]) -> Iterator[str]:
    """Yield each reason why an object is not a valid source."""
    if not isinstance(spec, SourceSpec):
        yield f"{spec!r} is not a SourceSpec"
    missing = [
        attribute
        for attribute in _REQUIRED_TEXTS
        if not (isinstance(getattr(spec, attribute), str) and getattr(spec, attribute))
    ]
    if missing:
        yield f"{spec.name!r} has no {', '.join(missing)}"
    if spec.name in taken:
        yield f"there is already a data source called {spec.name!r}"
    if spec.form not in FORMS:
        yield f"{spec.name!r} has the form {spec.form!r}, which is not one of {', '.join(FORMS)}"
    if not _are_settings(spec.options):
        yield f"the options of {spec.name!r} must be a mapping of names to settings"
    if not (spec.path is None or isinstance(spec.path, PathSpec)):
        yield f"the path of {spec.name!r} must be a PathSpec"
    if (spec.path is not None) != ("path" in spec.options):
        yield f"{spec.name!r} needs both an option `path` and a PathSpec, or neither"
    for name, setting in spec.options.items():
        try:
            setting.parse(setting.default)
        except ValueError as error:
            yield f"{spec.name!r} cannot be read with its defaults: {error} (option {name!r})"


def _are_settings(options: object) -> bool:
    return isinstance(options, Mapping) and all(
        isinstance(name, str) and isinstance(setting, Setting) for name, setting in options.items()
    )
