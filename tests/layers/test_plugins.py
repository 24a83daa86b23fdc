"""Layer kinds of installed packages: registered if valid, else reported."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from dlstudio.entry_points import Plugins
from dlstudio.layers.activation.rectifiers import ReLU
from dlstudio.layers.activation.saturating import Tanh
from dlstudio.layers.framework.kind import LayerKind
from dlstudio.layers.framework.settings import Integer, setting
from dlstudio.layers.plugins import GROUP, find_layer_plugins
from dlstudio.network.build.build import module_class

MISSING = "cannot load layers of a package: "


@dataclass(frozen=True)
class Tiny(ReLU):
    name = "tiny"


@dataclass(frozen=True)
class SameName(ReLU):
    name = "tiny"


@dataclass(frozen=True)
class UnknownCategory(ReLU):
    name = "elsewhere"
    category = "kitchen"


@dataclass(frozen=True)
class Unnamed(LayerKind):
    title = "Unnamed"


class Undecorated(ReLU):
    name = "undecorated"


@dataclass(frozen=True)
class KeywordName(ReLU):
    name = "class"


@dataclass(frozen=True)
class InvalidDefault(ReLU):
    name = "wrong"
    count: int = setting(Integer(title="Count", help="A number of items.", default=0))


def load_plugins(
    monkeypatch: pytest.MonkeyPatch, *values: str, **objects: object
) -> Plugins[type[LayerKind]]:
    """Load entry points with these values; `objects` are the contents of `tiny_layers`."""
    module = ModuleType("tiny_layers")
    vars(module).update(objects)
    monkeypatch.setitem(sys.modules, "tiny_layers", module)
    entries = [EntryPoint("tiny", value, GROUP) for value in values]
    monkeypatch.setattr("dlstudio.entry_points.entry_points", lambda group: entries)
    return find_layer_plugins({"relu", "tanh"})


def test_plugin_kinds_and_their_package_are_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    plugins = load_plugins(monkeypatch, "tiny_layers:KINDS", KINDS=(Tiny,))
    assert plugins == Plugins({"tiny": Tiny}, frozenset({"tiny_layers"}))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Tanh, "there is already a layer kind called 'tanh'"),
        (UnknownCategory, "'elsewhere' has the unknown category 'kitchen'"),
        (Unnamed, "Unnamed has no name, category, summary, explanation"),
        (Undecorated, "Undecorated needs the decorator @dataclass(frozen=True)"),
        (KeywordName, "'class' is not a valid name of a layer kind"),
        (
            InvalidDefault,
            "'wrong' cannot be created with its defaults: SettingError: Count must be between",
        ),
        (int, "<class 'int'> is not a LayerKind class"),
    ],
)
def test_invalid_kind_does_not_exclude_the_others(
    monkeypatch: pytest.MonkeyPatch, kind: type, reason: str
) -> None:
    plugins = load_plugins(monkeypatch, "tiny_layers:KINDS", KINDS=(kind, Tiny))
    assert plugins.declarations == {"tiny": Tiny}
    (line,) = plugins.errors
    assert line.startswith(f"{MISSING}tiny (tiny_layers:KINDS): {reason}")


def test_duplicate_name_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    plugins = load_plugins(monkeypatch, "tiny_layers:A", "tiny_layers:B", A=(Tiny,), B=(SameName,))
    assert plugins.declarations == {"tiny": Tiny}
    assert "already a layer kind called 'tiny'" in plugins.errors[0]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("no_such_package:KINDS", "ModuleNotFoundError: No module named 'no_such_package'"),
        ("tiny_layers:GONE", "AttributeError: "),
        ("tiny_layers:KIND", "must be a tuple of LayerKind classes"),
        ("not an entry", "AttributeError: "),
    ],
)
def test_load_errors_are_reported_in_one_line(
    monkeypatch: pytest.MonkeyPatch, value: str, reason: str
) -> None:
    plugins = load_plugins(monkeypatch, value, KIND=Tiny)
    assert plugins.declarations == {}
    assert plugins.packages == frozenset()
    (line,) = plugins.errors
    assert line.startswith(f"{MISSING}tiny ({value}): {reason}")
    assert "\n" not in line


def test_damaged_metadata_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(group: str) -> None:
        raise TypeError(f"{group}\nis torn")

    monkeypatch.setattr("dlstudio.entry_points.entry_points", damaged)
    assert find_layer_plugins(()).errors == (
        f"{MISSING}installed packages: TypeError: dlstudio.layers is torn",
    )


def test_only_plugin_packages_may_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="is not a module"):
        module_class("torchvision.models.AlexNet")
    monkeypatch.setattr("dlstudio.network.build.build.PACKAGES", frozenset({"torchvision"}))
    assert module_class("torchvision.models.AlexNet").__name__ == "AlexNet"
    with pytest.raises(ValueError, match="is not a module"):
        module_class("torchvision.models.alexnet")
    with pytest.raises(ValueError, match=r"'torchvision\.gone' cannot be loaded"):
        module_class("torchvision.gone.AlexNet")
