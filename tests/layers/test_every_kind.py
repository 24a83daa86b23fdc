"""Tests of every layer kind: what its check accepts is exactly what runs on the CPU."""

from __future__ import annotations

import inspect
import json
import zlib
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
import torch

from dlstudio.design.model.problems import Problem, Severity
from dlstudio.design.model.signals import Signal
from dlstudio.layers.basic.io import Input, Output
from dlstudio.layers.framework.categories import CATEGORIES
from dlstudio.layers.framework.kind import Call, LayerKind, SettingError, Signals
from dlstudio.layers.framework.weighted import FROZEN, INITIALISATION
from dlstudio.layers.registry import KINDS, find
from dlstudio.network.build.build import module_class
from tests.layers.expectations import (
    activation,
    attention,
    axes,
    binary,
    constants,
    convolution,
    dense,
    normalisation,
    pooling,
    positions,
    recurrent,
    resizing,
    shape,
)
from tests.layers.expectations.expected import OMITTED, Expected
from tests.layers.layer_oracle import RUN_ERRORS, OutputInfo, infer_on_meta, run_on_cpu
from tests.layers.random_layers import random_layer, random_settings

CASES = 300
LAYER_KINDS = {name: kind for name, kind in KINDS.items() if kind not in (Input, Output)}

EXPECTED: Mapping[str, Expected] = {
    **dense.EXPECTED,
    **convolution.EXPECTED,
    **pooling.EXPECTED,
    **normalisation.EXPECTED,
    **activation.EXPECTED,
    **recurrent.EXPECTED,
    **attention.EXPECTED,
    **positions.EXPECTED,
    **shape.EXPECTED,
    **axes.EXPECTED,
    **binary.EXPECTED,
    **constants.EXPECTED,
    **resizing.EXPECTED,
}

every_layer = pytest.mark.parametrize("name", LAYER_KINDS)
every_kind = pytest.mark.parametrize("name", KINDS)


def default_signals(kind: type[LayerKind]) -> Signals:
    defaults = EXPECTED[kind.name].default_inputs
    by_port = (
        {port.name: defaults for port in kind.inputs} if isinstance(defaults, Signal) else defaults
    )
    variadic = {port.name for port in kind.inputs if port.variadic}
    return {port: (signal,) * (2 if port in variadic else 1) for port, signal in by_port.items()}


def errors(kind: LayerKind, signals: Signals) -> list[Problem]:
    return [problem for problem in kind.check(signals) if problem.severity is Severity.ERROR]


def random_cases(name: str, count: int = CASES) -> list[tuple[LayerKind, Signals]]:
    random, expected = Random(zlib.crc32(name.encode())), EXPECTED[name]
    torch.manual_seed(1)
    if expected.generate is not None:
        return [expected.generate(random) for _ in range(count)]
    return [random_layer(random, KINDS[name], expected.axes, expected.dtype) for _ in range(count)]


def run_as_expected(kind: LayerKind, signals: Signals) -> tuple[OutputInfo, ...]:
    expected = EXPECTED[kind.name]
    return run_on_cpu(
        kind,
        signals,
        batch_dependent=bool(expected.batch_dependence),
        unread_ports=expected.unread_ports,
    )


def failure_reason(kind: LayerKind, signals: Signals) -> str:
    """Return the error of running the layer on the CPU, or an empty text."""
    try:
        run_as_expected(kind, signals)
    except RUN_ERRORS as error:
        return str(error) or type(error).__name__
    return ""


def test_every_kind_has_expectations() -> None:
    assert set(EXPECTED) == set(KINDS)
    assert find("no such kind") is None


@every_layer
def test_defaults_build_and_run(name: str) -> None:
    kind, signals = KINDS[name](), default_signals(KINDS[name])
    assert errors(kind, signals) == []
    assert run_as_expected(kind, signals) == infer_on_meta(kind, signals)


@every_layer
def test_check_accepts_exactly_what_runs_on_the_cpu(name: str) -> None:
    outcomes = Counter[bool]()
    for kind, signals in random_cases(name):
        problems = errors(kind, signals)
        reason = failure_reason(kind, signals)
        if problems and not reason and problems[0].code in EXPECTED[name].refuses:
            continue
        assert bool(problems) == bool(reason), (
            f"{kind} on {signals}: {problems or 'accepted'}; {reason}"
        )
        outcomes[bool(problems)] += 1
    assert outcomes[False] >= CASES // 10
    assert outcomes[True] >= 3 or EXPECTED[name].accepts_anything


@every_layer
def test_inferred_shape_equals_executed_shape(name: str) -> None:
    for kind, signals in random_cases(name):
        if not errors(kind, signals):
            assert infer_on_meta(kind, signals) == run_as_expected(kind, signals), (
                f"{kind} on {signals}"
            )


@every_layer
def test_problems_have_complete_texts(name: str) -> None:
    for kind, signals in random_cases(name):
        for problem in kind.check(signals):
            assert problem.code
            assert problem.path == ""
            assert 10 <= len(problem.title) <= 110
            assert len(problem.text) >= 60
            assert problem.text[-1] == "."
            assert "Error" not in problem.text
            assert problem.port in ("", *(port.name for port in kind.inputs))


@every_layer
def test_each_repair_removes_its_problem(name: str) -> None:
    for kind, signals in random_cases(name):
        for problem in errors(kind, signals):
            for repair in problem.repairs:
                if repair.edit == "remove":
                    continue
                layer, inputs = apply_layer_repair(kind, signals, repair.edit, repair.arguments)
                remaining = {problem.code for problem in errors(layer, inputs)}
                assert problem.code not in remaining, f"{kind} on {signals}: {repair}"


def apply_layer_repair(
    kind: LayerKind, signals: Signals, edit: str, arguments: Mapping[str, Any]
) -> tuple[LayerKind, Signals]:
    """Return the layer and its inputs after a repair."""
    if edit == "set_settings":
        settings = {setting: getattr(kind, setting) for setting in kind.declarations()}
        return kind.parse({**settings, **arguments["changes"]}, {}), signals
    inserts = arguments["inserts"] if edit == "insert_before_many" else [{"wire": 0, **arguments}]
    inputs = list(signals[arguments["port"]])
    for insert in inserts:
        inserted = KINDS[insert["kind"]].parse(insert["settings"], {"vocabulary": 7})
        inserted_inputs = {inserted.inputs[0].name: (inputs[insert["wire"]],)}
        assert errors(inserted, inserted_inputs) == []
        result = infer_on_meta(inserted, inserted_inputs)[0]
        meaning = inserted.axes_meaning(inserted_inputs, result.shape)
        inputs[insert["wire"]] = Signal(result.shape, result.dtype, meaning)
    return kind, {**signals, arguments["port"]: tuple(inputs)}


@every_kind
def test_settings_survive_json(name: str) -> None:
    random = Random(3)
    for _ in range(50):
        settings = random_settings(random, KINDS[name])
        kind = KINDS[name].parse(settings, {})
        text = json.dumps({setting: getattr(kind, setting) for setting in kind.declarations()})
        assert KINDS[name].parse(json.loads(text), {}) == kind


@every_kind
def test_settings_accept_their_defaults(name: str) -> None:
    declared = KINDS[name].declarations()
    kind = KINDS[name]()
    for field, setting in declared.items():
        assert setting.parse(setting.default) == getattr(kind, field)


@every_kind
def test_invalid_settings_are_rejected_with_a_reason(name: str) -> None:
    with pytest.raises(SettingError, match="no setting called 'no_such_setting'"):
        KINDS[name].parse({"no_such_setting": 1}, {})
    for field, setting in KINDS[name].declarations().items():
        with pytest.raises(SettingError, match=f"^{setting.title} must") as caught:
            KINDS[name].parse({field: {"a": "mapping"}}, {})
        assert caught.value.setting == field


@every_kind
def test_texts_are_complete(name: str) -> None:
    kind = KINDS[name]
    assert kind.title
    assert kind.category in {category.name for category in CATEGORIES}
    assert 15 <= len(kind.summary) <= 60
    assert not kind.summary.endswith(".")
    assert len(kind.explanation) >= 80
    assert kind.explanation.endswith(".")
    assert 2 <= kind.explanation.count(". ") + 1 <= 5
    if name not in ("input", "output"):
        assert kind.formula
    for setting in kind.declarations().values():
        assert setting.title
        assert setting.help.endswith(".")
        assert len(setting.help) >= 20


@every_kind
def test_card_summaries_are_short(name: str) -> None:
    random = Random(5)
    for _ in range(20):
        kind = KINDS[name].parse(random_settings(random, KINDS[name]), {})
        assert len(kind.card_summary()) <= 24


@every_layer
def test_defaults_match_torch(name: str) -> None:
    call, expected = KINDS[name]().call(default_signals(KINDS[name])), EXPECTED[name]
    omitted = {**OMITTED, **expected.omits}
    for parameter in inspect.signature(module_class(call.target)).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.name not in call.arguments:
            assert parameter.name in omitted, f"{parameter.name} is neither a setting nor omitted"
        elif parameter.default is not parameter.empty and parameter.name not in expected.differs:
            value = call.arguments[parameter.name]
            assert _collapsed(value) == _collapsed(parameter.default), parameter.name


def _collapsed(value: object) -> object:
    """Return a tuple of equal sizes as a single number, as in torch's defaults."""
    if isinstance(value, tuple) and len(set(value)) == 1:
        return value[0]
    return value


@every_layer
def test_weighted_layers_have_initialisation_and_frozen_settings(name: str) -> None:
    kind = KINDS[name]
    call = kind().call(default_signals(kind))
    has_weights = any(True for _ in module_class(call.target)(**call.arguments).parameters())
    assert kind.has_weights == has_weights
    assert ({INITIALISATION, FROZEN} <= set(kind.declarations())) == has_weights
    assert not {INITIALISATION, FROZEN} & set(call.arguments)


@pytest.mark.parametrize(
    "target",
    [
        "os.system",
        "torch.nn.functional",
        "torch.nn.init.zeros_",
        "dlstudio.network.build.build.nn.Linear",
        "",
    ],
)
def test_only_modules_can_be_built(target: str) -> None:
    with pytest.raises(ValueError, match=r"is not a module of torch\.nn"):
        module_class(Call(target).target)
