"""Declarations of views, and views of installed packages."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, replace
from importlib.metadata import EntryPoint
from inspect import signature
from types import ModuleType

import pytest

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.entry_points import Plugins, resolve_target
from dlstudio.insight.views.registry import GROUP, TAKEN, VIEWS, find_plugin_views
from dlstudio.insight.views.spec import COSTS, INPUTS, Input, ViewSpec
from dlstudio.layers.framework.kind import SettingError
from dlstudio.layers.framework.settings import Integer
from dlstudio.training.options.sampling import SampleRequest

TOY = ViewSpec(
    name="toy",
    title="Toy",
    help="A toy.",
    input="state",
    cost="slow",
    options={"bins": Integer(title="Bins", help="How many.", default=4)},
    compute="toy_views.compute",
)


def load_plugins(monkeypatch: pytest.MonkeyPatch, *specs: object) -> Plugins[ViewSpec]:
    """Load these declarations through an entry point."""
    module = ModuleType("toy_views")
    vars(module).update(VIEWS=specs)
    monkeypatch.setitem(sys.modules, "toy_views", module)
    entries = [EntryPoint("toy", "toy_views:VIEWS", GROUP)]
    monkeypatch.setattr("dlstudio.entry_points.entry_points", lambda group: entries)
    return find_plugin_views({*VIEWS, *TAKEN})


@pytest.mark.parametrize("name", VIEWS)
def test_view_declares_the_arguments_of_its_target(name: str) -> None:
    view = VIEWS[name]
    assert view.name == name
    assert view.title
    assert view.help.endswith(".")
    assert view.cost in COSTS
    parameters = signature(resolve_target(view.compute)).parameters
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    assert open_ended or set(view.options) == set(list(parameters)[1:])
    assert set(view.parse({})) == set(view.options)


def test_sample_options_are_those_of_a_request() -> None:
    names = {field.name for field in fields(SampleRequest)}
    assert set(VIEWS["samples"].options) <= names
    defaults = VIEWS["samples"].parse({})
    assert defaults == {name: getattr(SampleRequest(), name) for name in defaults}


def test_options_are_checked() -> None:
    assert TOY.parse({}) == {"bins": 4}
    assert TOY.parse({"bins": 7}) == {"bins": 7}
    with pytest.raises(SettingError, match="no option called 'bars'"):
        TOY.parse({"bars": 1})
    with pytest.raises(SettingError, match="must be an integer"):
        TOY.parse({"bins": "many"})


def test_unmet_needs_return_the_reason() -> None:
    project, classes = Project(), DatasetInfo(class_names=("a", "b"))
    autoencoder = replace(project, training=replace(project.training, task="reconstruction"))
    assert "task that reconstructs" in str(VIEWS["anomalies"].needs(project, classes))
    assert VIEWS["anomalies"].needs(autoencoder, classes) is None
    assert "no class label per sample" in str(VIEWS["probe"].needs(project, DatasetInfo()))
    assert VIEWS["probe"].needs(project, classes) is None
    masks = replace(classes, target=Signal((8, 8), "int64"))
    assert "no class label per sample" in str(VIEWS["probe"].needs(project, masks))
    assert VIEWS["activations"].needs(project, DatasetInfo()) is None


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (int, "<class 'int'> is not a ViewSpec"),
        (replace(TOY, name="no name"), "'no name' is not a valid view name"),
        (replace(TOY, name="probe"), "the name 'probe' is already in use"),
        (replace(TOY, name="curves"), "the name 'curves' is already in use"),
        (replace(TOY, cost="free"), "'toy' has the unknown input 'state' or cost 'free'"),
        (
            replace(TOY, input="series", cost="live"),
            "'toy' is live, which only a view with the input state can be",
        ),
        (replace(TOY, input="dream"), "'toy' has the unknown input 'dream' or cost 'slow'"),
        (replace(TOY, compute="compute"), "'toy' has the target 'compute', which is not a dotted"),
        (replace(TOY, panel="a.b-c"), "'toy' has the target 'a.b-c', which is not a dotted"),
        (replace(TOY, icon="toy"), "'toy' has the unknown icon 'toy'"),
        (replace(TOY, needs=None), "'toy': needs is not callable"),
        (replace(TOY, options={"bins": 3}), "'toy' has the option 'bins', which is not a Setting"),
        (
            replace(TOY, options={"bins": Integer(title="Bins", help="How many.", default=0)}),
            "'toy' cannot be computed with its defaults: Bins must be between",
        ),
    ],
)
def test_invalid_view_does_not_exclude_the_others(
    monkeypatch: pytest.MonkeyPatch, spec: object, reason: str
) -> None:
    plugins = load_plugins(monkeypatch, spec, replace(TOY, name="other"))
    assert list(plugins.declarations) == ["other"]
    (line,) = plugins.errors
    assert line.startswith(f"cannot load views of a package: toy (toy_views:VIEWS): {reason}")


@pytest.mark.parametrize("name", INPUTS)
def test_view_of_any_input_is_accepted(monkeypatch: pytest.MonkeyPatch, name: Input) -> None:
    plugins = load_plugins(monkeypatch, replace(TOY, input=name))
    assert plugins.errors == ()


def test_declarations_do_not_import_torch_numpy_or_qt() -> None:
    program = (
        "import sys, dlstudio.insight.views.registry, dlstudio.insight.views.values\n"
        "print([name for name in ('torch', 'numpy', 'PySide6') if name in sys.modules])"
    )
    arguments = [sys.executable, "-c", program]
    assert subprocess.check_output(arguments, text=True) == "[]\n"
