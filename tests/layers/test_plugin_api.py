"""The plug-in API of version 1 keeps working."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from dlstudio.design.ports import Port
from dlstudio.design.problems import Problem
from dlstudio.design.signals import Signal
from dlstudio.layers.framework import settings as framework_settings
from dlstudio.layers.framework.kind import LayerKind
from dlstudio.layers.kind import Call, Kind, SettingError, Signals
from dlstudio.layers.mistakes import by, change, error
from dlstudio.layers.plugins import GROUP, find_layer_plugins
from dlstudio.layers.settings import Choice, Number, Sizes, Switch, Text, Whole, declare
from dlstudio.network.build.build import OTHER_NAMES, build, module_class


@dataclass(frozen=True)
class Blend(Kind):
    """A kind written for version 1, with every method and setting of its API."""

    name = "blend"
    title = "Blend"
    category = "merge"
    summary = "Mixes two inputs"
    explanation = "Mixes two inputs."
    inputs = (Port("left"), Port("right"))

    share: float = declare(Number(title="Share", help="Of the left.", default=0.5, minimum=0.0))
    groups: int = declare(Whole(title="Groups", help="Number of groups.", default=2))
    sizes: tuple[int, ...] = declare(Sizes(title="Sizes", help="A size.", default=(3, 3), count=2))
    mode: str = declare(Choice(title="Mode", help="How.", default="sum", options=("sum", "max")))
    loud: bool = declare(Switch(title="Loud", help="Louder.", default=False))
    label: str = declare(Text(title="Label", help="A name.", default=""))

    def call(self, signals: Signals) -> Call:
        return Call("dlstudio.network.modules.joins.Add")

    def check(self, signals: Signals) -> Iterator[Problem]:
        (left,), (right,) = signals["left"], signals["right"]
        if left.shape != right.shape:
            text = f"{by(left.shape)} is not {by(right.shape)}."
            yield error("blend", "Other shapes", text, (change("Use max", mode="max"),), "left")

    def meaning(self, signals: Signals, shape: tuple[int, ...]) -> str:
        return super().meaning(signals, shape) or "mixture"

    def telling(self) -> str:
        return f"{self.share:g} · {by(self.sizes)}"


@pytest.fixture
def signals() -> Signals:
    return {"left": (Signal((4,), meaning="features"),), "right": (Signal((5,)),)}


def test_earlier_methods_are_used(signals: Signals) -> None:
    kind: LayerKind = Blend.parse({"share": 0.25, "sizes": 5}, {})
    assert kind.card_summary() == "0.25 · 5×5"
    assert kind.axes_meaning(signals, (4,)) == "features"
    assert kind.axes_meaning(signals, (2, 2)) == "mixture"
    (problem,) = kind.check(signals)
    assert (problem.code, problem.port, problem.text) == ("blend", "left", "4 is not 5.")


def test_earlier_methods_have_defaults(signals: Signals) -> None:
    assert Kind().telling() == Kind().card_summary() == ""
    assert Kind().meaning(signals, (4,)) == Kind().axes_meaning(signals, (4,)) == "features"


def test_earlier_settings_are_current_setting_classes() -> None:
    settings = Blend.declarations()
    expected = ("Real", "Integer", "IntegerList", "Choice", "Boolean", "Text")
    classes = [getattr(framework_settings, name) for name in expected]
    assert [type(setting) for setting in settings.values()] == classes
    with pytest.raises(SettingError, match="Groups"):
        Blend.parse({"groups": 0}, {})


def test_earlier_kind_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("blend_layers")
    vars(module).update(KINDS=(Blend,))
    monkeypatch.setitem(sys.modules, "blend_layers", module)
    entry = EntryPoint("blend", "blend_layers:KINDS", GROUP)
    monkeypatch.setattr("dlstudio.entry_points.entry_points", lambda group: [entry])
    plugins = find_layer_plugins(())
    assert (plugins.declarations, plugins.errors) == ({"blend": Blend}, ())


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_earlier_targets_name_the_same_modules(name: str) -> None:
    module = import_module(OTHER_NAMES[name])
    classes = [item for item in vars(module).values() if isinstance(item, type)]
    module_classes = [item for item in classes if item.__module__ == module.__name__]
    assert module_classes
    for item in module_classes:
        assert module_class(f"{name}.{item.__name__}") is item


def test_earlier_target_is_built(signals: Signals) -> None:
    assert type(build(Blend().call(signals), "cpu")).__name__ == "Add"
