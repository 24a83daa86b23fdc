"""States of a document that are remembered without being kept alive."""

from __future__ import annotations

import weakref
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class Version(Generic[T]):
    """One state: the object that shows it while somebody holds one, else nothing.

    All changes that begin or end at a state share its version; the first to build the object
    again tells the others.
    """

    __slots__ = ("__weakref__", "_object")

    def __init__(self, shown: T) -> None:
        """Remember the object weakly."""
        self.set(shown)

    def get(self) -> T | None:
        """Return the object if it is still alive."""
        return self._object()

    def set(self, shown: T) -> None:
        """Let the state be shown by another object, equal to the one that is gone."""
        self._object = weakref.ref(shown)
        _known[id(shown)] = self


_known: weakref.WeakValueDictionary[int, Version[Any]] = weakref.WeakValueDictionary()


def version_of(shown: T) -> Version[T]:
    """Return the version that `shown` shows, a new one where it is not known yet."""
    known = _known.get(id(shown))
    if known is not None and known.get() is shown:
        return cast("Version[T]", known)
    return Version(shown)
