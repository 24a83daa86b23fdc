"""How a layer kind declares a setting: once, with type, default, range and help.

Form, check, file and help are derived from the declaration. Imports no particular kind.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

METADATA_KEY = "setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every setting declares.

    Attributes:
        title: The field's standard term, as the form shows it: `Kernel size`.
        help: One sentence that a student understands.
        advanced: Shown in the collapsed part of the form.
    """

    title: str
    help: str
    default: Any
    advanced: bool = False

    def parse(self, value: object) -> Any:
        """Return the value in its proper type; ValueError with a readable reason."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Setting):
    """An integer, or None if `optional`.

    Attributes:
        special: Text shown for the minimum if it has a special meaning: `any class`.
    """

    minimum: int = 1
    maximum: int = 1_000_000
    optional: bool = False
    special: str = ""

    def parse(self, value: object) -> int | None:
        """Accept integers in range."""
        if value is None and self.optional:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"{self.title} must be an integer, not {value!r}")
        if not self.minimum <= value <= self.maximum:
            raise ValueError(
                f"{self.title} must be between {self.minimum} and {self.maximum}, not {value}"
            )
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Real(Setting):
    """A real number in a closed range, or None if `optional`."""

    minimum: float = -math.inf
    maximum: float = math.inf
    optional: bool = False

    def parse(self, value: object) -> float | None:
        """Accept finite numbers in range."""
        if value is None and self.optional:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{self.title} must be a number, not {value!r}")
        if not (math.isfinite(value) and self.minimum <= value <= self.maximum):
            raise ValueError(
                f"{self.title} must be between {self.minimum:g} and {self.maximum:g}, not {value}"
            )
        return float(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Boolean(Setting):
    """True or False."""

    def parse(self, value: object) -> bool:
        """Accept True and False only."""
        if not isinstance(value, bool):
            raise ValueError(f"{self.title} must be on or off, not {value!r}")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Setting):
    """One of several options."""

    options: tuple[str, ...]

    def parse(self, value: object) -> str:
        """Accept one of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(
                f"{self.title} must be one of {', '.join(self.options)}, not {value!r}"
            )
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Setting):
    """A line of free text."""

    def parse(self, value: object) -> str:
        """Accept text."""
        if not isinstance(value, str):
            raise ValueError(f"{self.title} must be text, not {value!r}")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerList(Setting):
    """Several integers, `count` of them, or any number of them if `count` is 0.

    A single integer stands for `count` equal ones. `words` are accepted instead of numbers
    (`same`), and None if `optional`.
    """

    count: int = 0
    minimum: int = 1
    maximum: int = 1_000_000
    words: tuple[str, ...] = ()
    optional: bool = False

    def parse(self, value: object) -> tuple[int, ...] | str | None:
        """Accept an integer, a list of them, or one of `words`."""
        if value is None and self.optional:
            return None
        if isinstance(value, str) and value in self.words:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            value = (value,) * (self.count or 1)
        if not isinstance(value, (tuple, list)) or (self.count and len(value) != self.count):
            expected = f"{self.count} integers" if self.count else "integers"
            alternatives = "".join(f" or {word!r}" for word in self.words)
            raise ValueError(f"{self.title} must be {expected}{alternatives}, not {value!r}")
        for size in value:
            if isinstance(size, bool) or not isinstance(size, int):
                raise ValueError(f"{self.title} must be a list of integers, but contains {size!r}")
            if not self.minimum <= size <= self.maximum:
                raise ValueError(
                    f"{self.title} must be between {self.minimum} and {self.maximum}, not {size}"
                )
        return tuple(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTable(Setting):
    """One number of at least `minimum` for each name; None for those that are not set yet."""

    names: tuple[str, ...]
    minimum: float = 0.0

    def parse(self, value: object) -> tuple[float | None, ...]:
        """Accept one number or None for each name."""
        if not isinstance(value, (tuple, list)) or len(value) != len(self.names):
            raise ValueError(f"{self.title} must be {len(self.names)} numbers, not {value!r}")
        cell = Real(title=self.title, help="", default=None, minimum=self.minimum, optional=True)
        return tuple(map(cell.parse, value))


def setting(declaration: Setting) -> Any:
    """Return a dataclass field with the declaration and its default."""
    return dataclasses.field(default=declaration.default, metadata={METADATA_KEY: declaration})
