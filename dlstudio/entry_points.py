"""What installed packages bring to the studio's registries by entry points.

Nothing that such a package does may keep the studio from starting: what cannot be loaded is left
out with its reason. Knows no registry.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_GROUP_HEADER = re.compile(rb"^\s*\[\s*(dlstudio\.[\w.]+)\s*\]", re.MULTILINE)


def load_group(
    group: str, needed: str, errors: list[str]
) -> Iterator[tuple[EntryPoint, tuple[Any, ...]]]:
    """Yield what each entry point of a group holds.

    Args:
        group: Such as `dlstudio.layers`.
        needed: What must stand there, for people: `a tuple of Kind classes`.
        errors: Gets a line for each that cannot be had.
    """
    try:
        entries = sorted(entry_points(group), key=source_text)
    except Exception as error:  # noqa: BLE001 - damaged records of packages never stop the studio
        errors.append(f"installed packages: {reason_text(error)}")
        return
    for entry in entries:
        try:
            value = entry.load()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - nor does a package's own mistake
            errors.append(f"{source_text(entry)}: {reason_text(error)}")
            continue
        if isinstance(value, tuple):
            yield entry, value
        else:
            errors.append(f"{source_text(entry)}: {needed} is needed there")


def entry_points(group: str) -> Collection[EntryPoint]:
    """Return the entry points of a group.

    Looking for its name takes a few milliseconds; `importlib.metadata` takes ten times as long to
    import, and nearly nobody has such a package.
    """
    if group not in _announced_groups():
        return ()
    from importlib import metadata

    return metadata.entry_points(group=group)


def package_of(entry: EntryPoint) -> str:
    """Return the top-level name of the package that an entry point is in."""
    return entry.module.partition(".")[0]


def source_text(entry: EntryPoint) -> str:
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
