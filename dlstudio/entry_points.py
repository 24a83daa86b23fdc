"""Loads the declarations that installed packages add to the registries through entry points.

A faulty package must never prevent dlstudio from starting: whatever cannot be loaded is skipped and
reported with the reason. Imports no registry.
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
"""Yields the reasons why an object cannot be registered, given the names already in use. Only the
first reason is used, so each check may rely on the earlier ones."""
_GROUP_HEADER = re.compile(rb"^\s*\[\s*(dlstudio\.[\w.]+)\s*\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Plugins(Generic[Declaration]):
    """Declarations of installed packages for one registry.

    Attributes:
        declarations: Declarations by name, in the order of the packages.
        packages: Top-level names of the packages that supply them.
        errors: One message for each declaration that could not be loaded, with the reason.
    """

    declarations: Mapping[str, Declaration] = field(default_factory=dict)
    packages: frozenset[str] = frozenset()
    errors: tuple[str, ...] = ()


def find_plugins(
    group: str, noun: str, needed: str, rejection_reasons: RejectionReasons, taken: Collection[str]
) -> Plugins[Any]:
    """Load the declarations of all installed packages for a registry.

    Args:
        group: Entry point group, such as `dlstudio.layers`.
        noun: Plural of the declarations in messages: `layers`.
        needed: What an entry point must refer to, in messages: `a tuple of LayerKind classes`.
        rejection_reasons: Yields the reasons why an object cannot be registered.
        taken: Names that are already in use.
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
    lines = (f"cannot load {noun} of a package: {reason}" for reason in errors)
    return Plugins(accepted, frozenset(packages), tuple(lines))


def _rejection_reason(
    declaration: Any, rejection_reasons: RejectionReasons, taken: Collection[str]
) -> str:
    """Return the first reason, or an empty string if the object can be registered."""
    try:
        return next(iter(rejection_reasons(declaration, taken)), "")
    except Exception as error:  # noqa: BLE001 - a package's mistake is reported, not raised
        return f"{declaration!r} cannot be read: {reason_text(error)}"


def _load_group(
    group: str, needed: str, errors: list[str]
) -> Iterator[tuple[EntryPoint, tuple[Any, ...]]]:
    """Yield the declarations of each entry point of a group; append messages to `errors`."""
    try:
        entries = sorted(entry_points(group), key=_source_text)
    except Exception as error:  # noqa: BLE001 - damaged package metadata must not prevent the start
        errors.append(f"installed packages: {reason_text(error)}")
        return
    for entry in entries:
        try:
            value = entry.load()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - nor must an error in a package
            errors.append(f"{_source_text(entry)}: {reason_text(error)}")
            continue
        if isinstance(value, tuple):
            yield entry, value
        else:
            errors.append(f"{_source_text(entry)}: must be {needed}")


def entry_points(group: str) -> Collection[EntryPoint]:
    """Return the entry points of a group.

    Searching the metadata files for the group takes a few milliseconds; importing
    `importlib.metadata` takes ten times as long and is rarely needed.
    """
    if group not in _announced_groups():
        return ()
    from importlib import metadata

    return metadata.entry_points(group=group)


def _source_text(entry: EntryPoint) -> str:
    """Return the package and the target of an entry point, for messages."""
    return f"{entry.dist.name if entry.dist else entry.name} ({entry.value})"


def reason_text(error: BaseException) -> str:
    """Return an error as one line of text."""
    text = " ".join(error_text(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def error_text(error: BaseException) -> str:
    """Return the text of an error; empty if the error cannot be shown as text."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error class of a package may have a faulty `__str__`
        return ""


@cache
def _announced_groups() -> frozenset[str]:
    """Return the `dlstudio.*` entry point groups of all installed packages."""
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
    """Import the module of a dotted name and return the object.

    Must be called only with names from declarations in code, never with names from files.

    Raises:
        ImportError: The module does not exist.
        AttributeError: The module has no such attribute.
    """
    module, _, name = target.rpartition(".")
    return getattr(importlib.import_module(module), name)
