"""Document states that can be recognised without being kept alive."""

from __future__ import annotations

import weakref
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class WeakVersion(Generic[T]):
    """One state: the object that represents it while it is alive, otherwise nothing.

    All changes that start or end at a state share its version, so that an object that is rebuilt
    once is found by all of them.
    """

    __slots__ = ("__weakref__", "_object")

    def __init__(self, state: T) -> None:
        """Reference the object weakly."""
        self.set(state)

    def get(self) -> T | None:
        """Return the object if it is still alive."""
        return self._object()

    def set(self, state: T) -> None:
        """Represent the state by another object, equal to the one that was freed."""
        self._object = weakref.ref(state)
        _known[id(state)] = self


_known: weakref.WeakValueDictionary[int, WeakVersion[Any]] = weakref.WeakValueDictionary()


def version_of(state: T) -> WeakVersion[T]:
    """Return the version of `state`, a new one if it has none yet."""
    known = _known.get(id(state))
    if known is not None and known.get() is state:
        return cast("WeakVersion[T]", known)
    return WeakVersion(state)
