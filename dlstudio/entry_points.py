"""What installed packages bring to the studio's registries by entry points.

Nothing that such a package does may keep the studio from starting: what cannot be loaded is left
out with its reason. Knows no registry.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Declaration = TypeVar("Declaration")
RejectionReasons = Callable[[Any, Collection[str]], Iterable[str]]
"""Gives the reasons why an object cannot join a registry in which these names are taken; each is
asked only where none came before."""
_GROUP_HEADER = re.compile(rb"^\s*\[\s*(dlstudio\.[\w.]+)\s*\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Plugins(Generic[Declaration]):
    """What installed packages bring to one registry.

    Attributes:
        declarations: By name, in the order of the packages.
        packages: Top-level names of the packages that brought them.
        errors: A line for whatever was left out: what and why.
    """

    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    errors: tuple[str, ...] = ()


def find_plugins(
    group: str, noun: str, needed: str, rejection_reasons: RejectionReasons, taken: Collection[str]
) -> Plugins[Any]:
    """Return what all installed packages bring to a registry.

    Args:
        group: Such as `dlstudio.layers`.
        noun: What is missing where it was left out, for people: `layers`.
        needed: What an entry point must name, for people: `a tuple of Kind classes`.
        rejection_reasons: Why an object cannot join the registry.
        taken: Names that it may not use.
    """
    accepted: dict[str, Any] = {}
    packages: set[str] = set()
    errors: list[str] = []
    for entry, declarations in _load_group(group, needed, errors):
        for declaration in declarations:
            reason = _rejection_reason(declaration, rejection_reasons, {*taken, *accepted})
            if reason:
                errors.append(f"{_source_text(entry)}: {reason}")
            else:
                accepted[declaration.name] = declaration
                packages.add(entry.module.partition(".")[0])
    lines = (f"a package's {noun} are missing: {reason}" for reason in errors)
    return Plugins(accepted, frozenset(packages), tuple(lines))


def _rejection_reason(
    declaration: Any, rejection_reasons: RejectionReasons, taken: Collection[str]
) -> str:
    """Return the first reason, empty where an object can join."""
    try:
        return next(iter(rejection_reasons(declaration, taken)), "")
    except Exception as error:  # noqa: BLE001 - a package's mistake is reported, not raised
        return f"{declaration!r} cannot be read: {reason_text(error)}"


def _load_group(
    group: str, needed: str, errors: list[str]
) -> Iterator[tuple[EntryPoint, tuple[Any, ...]]]:
    """Yield what each entry point of a group holds; a reason joins `errors` where it cannot."""
    try:
        entries = sorted(entry_points(group), key=_source_text)
    except Exception as error:  # noqa: BLE001 - damaged records of packages never stop the studio
        errors.append(f"installed packages: {reason_text(error)}")
        return
    for entry in entries:
        try:
            value = entry.load()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - nor does a package's own mistake
            errors.append(f"{_source_text(entry)}: {reason_text(error)}")
            continue
        if isinstance(value, tuple):
            yield entry, value
        else:
            errors.append(f"{_source_text(entry)}: {needed} is needed there")


def entry_points(group: str) -> Collection[EntryPoint]:
    """Return the entry points of a group.

    Looking for its name takes a few milliseconds; `importlib.metadata` takes ten times as long to
    import, and nearly nobody has such a package.
    """
    if group not in _announced_groups():
        return ()
    from importlib import metadata

    return metadata.entry_points(group=group)


def _source_text(entry: EntryPoint) -> str:
    """Return where an entry point is, for people."""
    return f"{entry.dist.name if entry.dist else entry.name} ({entry.value})"


def reason_text(error: BaseException) -> str:
    """Return an error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


@cache
def _announced_groups() -> frozenset[str]:
    """Return the studio's groups that any installed package names."""
    groups: set[str] = set()
    for directory in map(Path, sys.path):
        for suffix in ("dist-info", "egg-info"):
            for file in directory.glob(f"*.{suffix}/entry_points.txt"):
                try:
                    content = file.read_bytes()
                except OSError:
                    continue
                groups.update(name.decode() for name in _GROUP_HEADER.findall(content))
    return frozenset(groups)


def resolve_target(target: str) -> Any:
    """Return what a dotted name stands for; its module is imported only now.

    Only names from declarations in code come here, never those of a file.

    Raises:
        ImportError: There is no such module.
        AttributeError: It holds no such name.
    """
    module, _, name = target.rpartition(".")
    return getattr(importlib.import_module(module), name)
