"""A named option with settings, such as an optimiser or a loss. Does not import torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dlstudio.design.model.values import Value
from dlstudio.layers.framework.settings import Setting


@dataclass(frozen=True, slots=True)
class NamedOption:
    """An option of the training settings.

    Attributes:
        name: Identifier in design files.
        settings: The option's own settings by name.
    """

    name: str
    title: str
    summary: str
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def parse(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """Return every setting, with defaults for missing ones.

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
    """Return options by name, in their order."""
    return {option.name: option for option in options}


def find_option(options: Mapping[str, Option], name: str, noun: str) -> Option:
    """Return the option of that name.

    Raises:
        ValueError: The name is unknown; `noun` names the kind of option in the message.
    """
    if name not in options:
        raise ValueError(f"There is no {noun} called {name!r}; known ones: {titles(options)}")
    return options[name]


def titles(options: Mapping[str, NamedOption], names: Iterable[str] | None = None) -> str:
    """Return the titles of options as one line: of those named, or of all."""
    return ", ".join(options[name].title for name in (options if names is None else names))
