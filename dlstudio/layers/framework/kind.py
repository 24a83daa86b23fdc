"""What a layer kind is: its words, its ports, its settings and what it calls. No torch in here."""

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
"""What arrives at each input port: one signal, or several in slot order on a variadic port."""


@dataclass(frozen=True, slots=True)
class Call:
    """What to build, as a value: a dotted target and its arguments.

    The module is called with the signals of the kind's input ports, in port order.

    Attributes:
        target: The module's class: `torch.nn.Conv2d`.
        arguments: What it is made with.
        norm: How the weights of its linear maps and convolutions are kept in bounds: `none`,
            `weight` or `spectral`.
    """

    target: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    norm: str = NO_NORM


class SettingError(ValueError):
    """A setting's value cannot be used; `setting` names it."""

    def __init__(self, setting: str, text: str) -> None:
        """Keep the setting's name beside the reason."""
        super().__init__(text)
        self.setting = setting


@dataclass(frozen=True, eq=False, repr=False)
class LayerKind:
    """A layer kind; an instance holds one layer's parsed settings as its fields.

    Equality, hash and text are written once here: generated for each of a hundred kinds they took
    a tenth of a second of the studio's start.

    Class attributes describe the kind. `summary` is one line for the palette, `explanation` a few
    plain sentences, `formula` HTML with Unicode symbols for Qt's rich text.
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

    def __eq__(self, other: object) -> bool:
        """Whether another layer is of the same kind and has equal settings."""
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        """Return a number that equal layers share."""
        return hash((type(self), *vars(self).values()))

    def __repr__(self) -> str:
        """Return the kind's name with its settings."""
        settings = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({settings})"

    def call(self, signals: Signals) -> Call:
        """Return what to build for these inputs; only asked when `check` found no error."""
        raise NotImplementedError

    def check(self, signals: Signals) -> Iterator[Problem]:
        """Yield what is wrong with these inputs, with `path` left empty for the caller to fill.

        Repairs leave out `scope` and `node` likewise.
        """
        yield from ()

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        """Return what the axes of an output of this shape stand for, or an empty word.

        The word of the first input holds on as long as the number of axes stays.
        """
        first = next((signal for group in signals.values() for signal in group), None)
        return first.meaning if first is not None and len(first.shape) == len(shape) else ""

    def card_summary(self) -> str:
        """Return the setting that tells most about the layer, for its card: `16 · 3×3`."""
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
        """Return the kind with its settings read; a `Ref` is looked up in `numbers`.

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
