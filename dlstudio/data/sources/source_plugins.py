"""Data sources that installed packages bring by the entry point `dlstudio.sources`.

An entry point names a tuple of `SourceSpec` values. A package that does not keep the rules is
left out with its reason; nothing it does may keep the studio from starting.
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
    """Return the sources of all installed packages; `taken` are names they may not use."""
    return find_plugins(
        GROUP, "data sources", "a tuple of SourceSpec values", _rejection_reasons, taken
    )


def _rejection_reasons(spec: Any, taken: Collection[str]) -> Iterator[str]:
    """Yield why an object cannot be a source."""
    if not isinstance(spec, SourceSpec):
        yield f"{spec!r} is no SourceSpec"
    missing = [
        attribute
        for attribute in _REQUIRED_TEXTS
        if not (isinstance(getattr(spec, attribute), str) and getattr(spec, attribute))
    ]
    if missing:
        yield f"{spec.name!r} has no {', '.join(missing)}"
    if spec.name in taken:
        yield f"there is a data source called {spec.name!r} already"
    if spec.form not in FORMS:
        yield f"{spec.name!r} has the form {spec.form!r}, which is none of {', '.join(FORMS)}"
    if not _are_settings(spec.options):
        yield f"the options of {spec.name!r} must be settings by name"
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
