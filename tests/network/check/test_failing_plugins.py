"""Errors in a plug-in's layer kind become a problem of its card; other layers are checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from dlstudio.design.edits import append_after
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem, Severity
from dlstudio.entry_points import Plugins
from dlstudio.layers import registry
from dlstudio.layers.framework.kind import Call, LayerKind, Signals
from dlstudio.network.check.inference import Checker
from tests.network.design_builders import IMAGES


@dataclass(frozen=True)
class RaisesInCheck(LayerKind):
    """Raises an error in its check."""

    name = "careless"
    title = "RaisesInCheck"
    category = "activation"
    summary = "Fails"
    explanation = "Fails."

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from ()
        raise KeyError("colour\nspace")


@dataclass(frozen=True)
class YieldsText(RaisesInCheck):
    """Yields a text instead of a problem."""

    name = "wordy"
    title = "YieldsText"

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield "this is wrong"  # type: ignore[misc]


@dataclass(frozen=True)
class RaisesInCall(RaisesInCheck):
    """Raises an error in its call."""

    name = "uncallable"
    title = "RaisesInCall"

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from ()

    def call(self, signals: Signals) -> Call:
        raise ZeroDivisionError


@dataclass(frozen=True)
class ForeignModule(RaisesInCheck):
    """Calls a module of another package."""

    name = "borrower"
    title = "ForeignModule"

    def check(self, signals: Signals) -> Iterator[Problem]:
        yield from ()

    def call(self, signals: Signals) -> Call:
        return Call("elsewhere.layers.Fancy")


BROKEN = (RaisesInCheck, YieldsText, RaisesInCall)


def design_with(kind: str) -> Project:
    project, last = append_after(Project(), None, "input")
    for name in ("relu", "careless", "tanh", "output"):
        project, last = append_after(project, last, kind if name == "careless" else name)
    return project


def install_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "KINDS", {**registry.KINDS, **{k.name: k for k in BROKEN}})


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.name)
def test_plugin_failure_is_a_problem_of_its_card(
    monkeypatch: pytest.MonkeyPatch, kind: type[LayerKind]
) -> None:
    install_kinds(monkeypatch)
    monkeypatch.setattr(
        registry, "_PLUGINS", Plugins({kind.name: kind for kind in BROKEN}, frozenset({"careless"}))
    )
    report = Checker().check(design_with(kind.name), IMAGES)
    problem = next(problem for problem in report.problems if problem.code == "broken-kind")
    assert (problem.path, problem.severity) == (f"{kind.name}_1", Severity.ERROR)
    assert "\n" not in problem.text
    assert "tests" in problem.text
    assert "Traceback" in problem.details
    assert report.nodes["relu_1"].outputs
    assert report.nodes["tanh_1"].blocked_by == f"{kind.name}_1"


def test_module_outside_the_package_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registry, "KINDS", {**registry.KINDS, "borrower": ForeignModule})
    report = Checker().check(design_with("borrower"), IMAGES)
    problem = next(problem for problem in report.problems if problem.path == "borrower_1")
    assert (problem.code, problem.severity) == ("broken-kind", Severity.ERROR)
    assert "'elsewhere.layers.Fancy' is not a module" in problem.text
    assert "of its own package" in problem.text
    assert problem.repairs


def test_failure_of_a_built_in_kind_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    install_kinds(monkeypatch)
    with pytest.raises(KeyError):
        Checker().check(design_with("careless"), IMAGES)
