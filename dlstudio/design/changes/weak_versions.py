"""States of a document that are remembered without being kept alive."""

from __future__ import annotations

import weakref
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class WeakVersion(Generic[T]):
    """One state: the object that shows it while somebody holds one, else nothing.

    All changes that begin or end at a state share its version; the first to build the object
    again tells the others.
    """

    __slots__ = ("__weakref__", "_object")

    def __init__(self, state: T) -> None:
        """Remember the object weakly."""
        self.set(state)

    def get(self) -> T | None:
        """Return the object if it is still alive."""
        return self._object()

    def set(self, state: T) -> None:
        """Let the state be shown by another object, equal to the one that is gone."""
        self._object = weakref.ref(state)
        _known[id(state)] = self


_known: weakref.WeakValueDictionary[int, WeakVersion[Any]] = weakref.WeakValueDictionary()


def version_of(state: T) -> WeakVersion[T]:
    """Return the version that `state` shows, a new one where it is not known yet."""
    known = _known.get(id(state))
    if known is not None and known.get() is state:
        return cast("WeakVersion[T]", known)
    return WeakVersion(state)
