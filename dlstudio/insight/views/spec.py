"""Declaration of a view of a network: its input, its requirements and its options."""

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
"""What a view is computed from: the current network, recorded values, one real training step, or
two snapshots."""
INPUTS: tuple[str, ...] = get_args(Input)
Cost = Literal["live", "slow"]
"""Whether a view can follow a run live or is computed on request."""
COSTS: tuple[str, ...] = get_args(Cost)

Needs = Callable[[Project, DatasetInfo], str | None]


def no_needs(project: Project, facts: DatasetInfo) -> str | None:
    """Accept every design and all data."""
    del project, facts
    return None


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """A view of a network.

    Attributes:
        name: Unique name; also identifies its tab.
        title: Title of the tab.
        help: What the view shows and what it is useful for, in one or two sentences.
        input: What `compute` gets: a `NetworkState` for `state` and a `NetworkPair` for `pair`
            (`insight/common`), a `Series` for `series` (`insight/series`), a `StepTrace` for
            `trace` (`insight/trace`).
        cost: `live` or `slow`; only a view with the input `state` can be `live`.
        needs: Called with the design and the dataset info; returns the reason why the view cannot
            be shown for them, or None.
        options: Settings by the name of the keyword argument of `compute`.
        compute: Dotted target, called as `compute(input, **options)`. It returns one of the types
            in `values`, or a tuple of them, drawn side by side. A view with its own panel may
            return any frozen dataclass. The text of a ValueError is shown to the user.
        panel: Dotted target of a Qt widget class, called with `ViewServices`. None if the shared
            drawings are sufficient.
        icon: Name of an icon in `resources/icons`, or empty.
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
    icon: str = ""

    def parse(self, options: Mapping[str, Value]) -> dict[str, Any]:
        """Return all options with the proper types; defaults replace those that are missing.

        Raises:
            SettingError: An option is unknown, or a value has the wrong type or is out of range.
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
