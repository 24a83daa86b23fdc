"""One word of a training recipe and its settings. Knows no torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dlstudio.design.model.values import Value
from dlstudio.layers.framework.settings import Setting


@dataclass(frozen=True, slots=True)
class NamedOption:
    """One word that a recipe may use.

    Attributes:
        settings: The word's own settings by name.
    """

    name: str
    title: str
    summary: str
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def parse(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """Return every setting, defaults filled in.

        Raises:
            ValueError: An unknown setting, or a value of the wrong type or range.
        """
        for name in values:
            if name not in self.settings:
                raise ValueError(f"{self.title} has no setting called {name!r}")
        return {
            name: setting.parse(values.get(name, setting.default))
            for name, setting in self.settings.items()
        }


Option = TypeVar("Option", bound=NamedOption)


def by_name(*options: Option) -> Mapping[str, Option]:
    """Return recipes by name, in their order."""
    return {recipe.name: recipe for recipe in options}


def titles(options: Mapping[str, NamedOption], names: Iterable[str] | None = None) -> str:
    """Return how people know recipes, in one line; of all of them where none are named."""
    return ", ".join(options[name].title for name in (options if names is None else names))
