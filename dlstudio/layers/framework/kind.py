"""The base class of layer kinds, and the call that says what module to build. Imports no torch."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Self

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.references import resolve_refs
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.design.model.values import Value
from dlstudio.layers.framework.settings import METADATA_KEY, Setting

NO_NORM = "none"

Signals = Mapping[str, tuple[Signal, ...]]
"""Input signals by port: one signal, or several in slot order on a variadic port."""


@dataclass(frozen=True, slots=True)
class Call:
    """What to build, as a value: a dotted target and its arguments.

    The module is called with the signals of the kind's input ports, in port order.

    Attributes:
        target: The module's class: `torch.nn.Conv2d`.
        arguments: Its keyword arguments.
        norm: Normalisation of the weights of its linear layers and convolutions: `none`, `weight`
            or `spectral`.
    """

    target: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    norm: str = NO_NORM


class SettingError(ValueError):
    """The value of a setting is not valid; `setting` is its name."""

    def __init__(self, setting: str, text: str) -> None:
        super().__init__(text)
        self.setting = setting


@dataclass(frozen=True, eq=False, repr=False)
class LayerKind:
    """A layer kind; an instance holds the parsed settings of one layer as fields.

    Equality, hash and repr are defined once here: generating them for a hundred kinds took a tenth
    of a second at startup.

    Class attributes describe the kind. `summary` is one line for the palette, `explanation` a few
    plain sentences, `formula` HTML with Unicode symbols for Qt's rich text. `weight_layout` names
    the meaning of the weights' axes; kinds with equal names may share weights.
    `keeps_width` says that the last axis keeps its size, whatever it is; `passes_values`, that in
    evaluation every number of the output is one of the input.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    category: ClassVar[str]
    summary: ClassVar[str]
    explanation: ClassVar[str]
    formula: ClassVar[str] = ""
    inputs: ClassVar[tuple[Port, ...]] = (Port("input"),)
    outputs: ClassVar[tuple[Port, ...]] = (Port("output"),)
    has_weights: ClassVar[bool] = False
    weight_layout: ClassVar[str] = ""
    keeps_width: ClassVar[bool] = False
    passes_values: ClassVar[bool] = False

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({settings})"

    def call(self, signals: Signals) -> Call:
        """Return what to build for these inputs; only called if `check` found no error."""
        raise NotImplementedError

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield problems of these inputs, with an empty `path` for the caller to fill.

        Fixes omit `scope` and `node`, which the caller fills in too.
        """
        yield from ()

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        """Return what the axes of an output of this shape represent, or an empty string.

        The meaning of the first input is kept while the number of axes stays the same.
        """
        first = next((signal for group in signals.values() for signal in group), None)
        return first.meaning if first is not None and len(first.shape) == len(shape) else ""

    def card_summary(self) -> str:
        """Return the most important setting, for the card: `16 · 3×3`."""
        return ""

    @classmethod
    @cache
    def declarations(cls) -> Mapping[str, Setting]:
        """Return the kind's settings by field name, in order of declaration."""
        return {
            attribute.name: attribute.metadata[METADATA_KEY]
            for attribute in dataclasses.fields(cls)
            if METADATA_KEY in attribute.metadata
        }

    @classmethod
    def parse(cls, settings: Mapping[str, Value], numbers: Mapping[str, int]) -> Self:
        """Return the kind with parsed settings; a `Ref` is resolved with `numbers`.

        Raises:
            SettingError: An unknown setting, a value of the wrong type or range, an unknown name.
        """
        declarations = cls.declarations()
        parsed: dict[str, Any] = {}
        for name, value in settings.items():
            if name not in declarations:
                raise SettingError(name, f"{cls.title} has no setting called {name!r}")
            try:
                parsed[name] = declarations[name].parse(resolve_refs(value, numbers))
            except ValueError as error:
                raise SettingError(name, str(error)) from error
        return cls(**parsed)
