"""How a view of a network is declared: once, with its input, its needs and its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.design.model.values import Value
from dlstudio.layers.framework.kind import SettingError
from dlstudio.layers.framework.settings import Setting

Input = Literal["state", "series", "trace", "pair"]
"""What a view is computed from: the network as it is, recorded figures, one real step, or two
snapshots."""
INPUTS: tuple[str, ...] = get_args(Input)
Cost = Literal["live", "slow"]
"""Whether a view can follow a run as it goes, or is work that somebody asks for."""
COSTS: tuple[str, ...] = get_args(Cost)

Needs = Callable[[Project, DatasetInfo], str | None]


def no_needs(project: Project, facts: DatasetInfo) -> str | None:
    """Any network with any data can be looked at."""
    del project, facts
    return None


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """A view of a network.

    Attributes:
        name: Unique; names its tab and what refers to it.
        title: The word on its tab.
        help: A sentence or two: what is shown and what it is good for.
        input: What it is computed from. `state` gives `compute` a `NetworkState`.
        cost: `live` or `slow`.
        needs: Called with design and data; returns the reason in words why the view has nothing to
            show for them, or None.
        options: What can be chosen, by the name of the argument that `compute` gets it by.
        compute: Dotted target, called as `compute(input, **options)`. It returns a value of
            `values`, or a tuple of them, to be drawn beside each other; a view with a panel of its
            own may return a frozen dataclass of its own. ValueError carries words for people.
        panel: Dotted target of a Qt widget class, called with `ViewServices`, where the shared
            drawings do not do.
    """

    name: str
    title: str
    help: str
    input: Input
    cost: Cost
    compute: str
    needs: Needs = no_needs
    options: Mapping[str, Setting] = field(default_factory=dict)
    panel: str | None = None

    def parse(self, options: Mapping[str, Value]) -> dict[str, Any]:
        """Return every option in its proper type, its default where `options` has none.

        Raises:
            SettingError: An unknown option, or a value of the wrong type or range.
        """
        for name in options:
            if name not in self.options:
                raise SettingError(name, f"{self.title} has no option called {name!r}")
        parsed: dict[str, Any] = {}
        for name, setting in self.options.items():
            try:
                parsed[name] = setting.parse(options.get(name, setting.default))
            except ValueError as error:
                raise SettingError(name, str(error)) from error
        return parsed
