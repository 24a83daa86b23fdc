"""Layer kinds that installed packages bring by the entry point `dlstudio.layers`.

A package that does not keep the rules is left out with its reason; nothing it does may keep the
studio from starting.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlstudio.design.model.identifiers import is_valid_id
from dlstudio.design.model.model import BLOCK, BLOCK_INPUT, BLOCK_OUTPUT
from dlstudio.layers.framework.categories import CATEGORIES
from dlstudio.layers.framework.kind import LayerKind

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "dlstudio.layers"
REQUIRED_TEXTS = ("name", "title", "category", "summary", "explanation")


@dataclass(frozen=True, slots=True)
class Plugins:
    """What installed packages bring.

    Attributes:
        kinds: In the order of the packages.
        packages: Top-level names of the packages whose modules these kinds may call.
        errors: A line for whatever was left out: what and why.
    """

    kinds: tuple[type[LayerKind], ...] = ()
    packages: frozenset[str] = frozenset()
    errors: tuple[str, ...] = ()


def find_plugins(taken: Collection[str]) -> Plugins:
    """Return the kinds of all installed packages; `taken` are names they may not use."""
    kinds: dict[str, type[LayerKind]] = {}
    packages: set[str] = set()
    broken: list[str] = []
    for entry, entry_kinds in _loaded_kinds(broken):
        for kind in entry_kinds:
            reason = next(_rejection_reasons(kind, {*taken, *kinds}), "")
            if reason:
                broken.append(f"{_source(entry)}: {reason}")
            else:
                kinds[kind.name] = kind
                packages.add(entry.module.partition(".")[0])
    return Plugins(tuple(kinds.values()), frozenset(packages), tuple(broken))


def _loaded_kinds(errors: list[str]) -> Iterator[tuple[EntryPoint, tuple[type[LayerKind], ...]]]:
    """Yield what each entry point holds; a reason joins `errors` where it cannot be had."""
    try:
        entries = sorted(entry_points(group=GROUP), key=_source)
    except Exception as error:  # noqa: BLE001 - damaged records of packages never stop the studio
        errors.append(f"installed packages: {_reason(error)}")
        return
    for entry in entries:
        try:
            kinds = entry.load()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - nor does a package's own mistake
            errors.append(f"{_source(entry)}: {_reason(error)}")
            continue
        if isinstance(kinds, tuple):
            yield entry, kinds
        else:
            errors.append(f"{_source(entry)}: a tuple of Kind classes is needed there")


def entry_points(group: str) -> Collection[EntryPoint]:
    """Return the entry points of a group.

    Looking for its name takes a few milliseconds; `importlib.metadata` takes ten times as long to
    import, and nearly nobody has such a package.
    """
    if not _is_announced(group):
        return ()
    from importlib import metadata

    return metadata.entry_points(group=group)


def _is_announced(group: str) -> bool:
    """Whether any installed package names the group at all."""
    for directory in map(Path, sys.path):
        for suffix in ("dist-info", "egg-info"):
            for file in directory.glob(f"*.{suffix}/entry_points.txt"):
                try:
                    names_group = group.encode() in file.read_bytes()
                except OSError:
                    names_group = True
                if names_group:
                    return True
    return False


def _rejection_reasons(kind: Any, taken: Collection[str]) -> Iterator[str]:
    """Yield why an object cannot join the catalogue; each is asked only where none came before."""
    if not (isinstance(kind, type) and issubclass(kind, LayerKind)):
        yield f"{kind!r} is no Kind class"
    missing = [
        attribute
        for attribute in REQUIRED_TEXTS
        if not isinstance(getattr(kind, attribute, None), str)
    ]
    if missing:
        yield f"{kind.__name__} has no {', '.join(missing)}"
    if "__dataclass_params__" not in vars(kind):
        yield f"{kind.__name__} needs @dataclass(frozen=True) above it"
    if not is_valid_id(kind.name) or kind.name in (BLOCK, BLOCK_INPUT, BLOCK_OUTPUT):
        yield f"{kind.name!r} cannot be the name of a layer kind"
    if kind.name in taken:
        yield f"there is a layer kind called {kind.name!r} already"
    if kind.category not in [category.name for category in CATEGORIES]:
        yield f"{kind.name!r} has the unknown category {kind.category!r}"
    try:
        kind.parse({name: setting.default for name, setting in kind.declarations().items()}, {})
    except Exception as error:  # noqa: BLE001 - a mistake in another package is told, not raised
        yield f"{kind.name!r} cannot be made with its defaults: {_reason(error)}"


def _source(entry: EntryPoint) -> str:
    return f"{entry.dist.name if entry.dist else entry.name} ({entry.value})"


def _reason(error: BaseException) -> str:
    """Return an error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
