"""One harness for the whole catalogue: what a kind accepts is what the CPU runs."""

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
from layer_draws import draw, draw_settings
from layer_oracle import REFUSALS, execute, infer

from dlstudio.design.problems import Problem, Severity
from dlstudio.design.signals import Signal
from dlstudio.layers.categories import CATEGORIES
from dlstudio.layers.io import Input, Output
from dlstudio.layers.kind import Call, Kind, SettingError, Signals
from dlstudio.layers.registry import KINDS, find
from dlstudio.layers.weighted import FROZEN, INITIALISATION
from dlstudio.network.build import module_class

DRAWS = 300
LAYERS = {name: kind for name, kind in KINDS.items() if kind not in (Input, Output)}

REFUSED_ON_PURPOSE: Mapping[tuple[str, str], str] = {
    ("linear", "missing-flatten"): "torch would weigh each row of a picture by itself, which is "
    "hardly ever meant; behind a Permute it is taken as meant",
    ("dropout", "wrong-dtype"): "runs with probability 0 and 1, but the probability may be changed "
    "during a run",
    ("dropout2d", "wrong-dtype"): "as for Dropout",
    ("adaptive_avg_pool2d", "wrong-rank"): "for the size 1×1 alone, torch averages the last two "
    "axes of anything",
    ("max_pool2d", "padding-too-large"): "of real numbers nothing but padding gives −∞, of whole "
    "numbers the lowest there is",
    ("layer_norm", "axis-missing"): "more axes than there are: torch would be given all there are",
    ("flatten", "axis-missing"): "an axis before the sample's first is the batch; torch joins it "
    "unnoticed where the next size is 1",
    ("flatten", "wrong-rank"): "the only axis of single numbers is the batch",
    ("concatenate", "axis-missing"): "an axis before the sample's first is the batch; joining a "
    "single wire along it changes nothing",
}
"""What the CPU would run and the studio refuses all the same, and why."""

OMITTED: Mapping[str, str] = {
    "device": "chosen by the run",
    "dtype": "mixed precision is chosen by the run",
    "inplace": "would overwrite what other wires still read",
    "return_indices": "a second output that no other kind here takes",
    "track_running_stats": "switched off, one sample's answer would depend on the others",
    "padding_mode": "ConvTranspose2d knows zeros only",
    "sparse": "most optimisers refuse sparse gradients",
    "max_norm": "changes the weights in forward, even frozen ones",
    "norm_type": "belongs to max_norm",
    "bias": "a batch norm's shift comes and goes with affine; older torch has no such argument",
    "_weight": "weights come from the file of weights",
    "_freeze": "is the setting frozen",
}
"""Arguments of torch that are no settings, and why."""

OTHER_DEFAULTS: Mapping[tuple[str, str], str] = {
    ("softmax", "dim"): "torch's None is deprecated and guesses; ours is the last axis",
}

NATURAL: Mapping[str, Signal] = {
    "linear": Signal((10,)),
    "embedding": Signal((5,), "int64", "tokens"),
    "conv1d": Signal((3, 20)),
    "max_pool1d": Signal((3, 20)),
    "batch_norm1d": Signal((10,)),
    "permute": Signal((4, 5)),
}
"""An input that suits the defaults; a picture where the kind is not named."""

every_layer = pytest.mark.parametrize("name", LAYERS)
every_kind = pytest.mark.parametrize("name", KINDS)


def natural(kind: type[Kind]) -> Signals:
    signal = NATURAL.get(kind.name, Signal((4, 12, 12)))
    return {port.name: (signal,) * (2 if port.variadic else 1) for port in kind.inputs}


def errors(kind: Kind, signals: Signals) -> list[Problem]:
    return [each for each in kind.check(signals) if each.severity is Severity.ERROR]


def draws(name: str, count: int = DRAWS) -> list[tuple[Kind, Signals]]:
    random = Random(zlib.crc32(name.encode()))
    torch.manual_seed(1)
    return [draw(random, KINDS[name]) for _ in range(count)]


def reason_not_to_run(kind: Kind, signals: Signals) -> str:
    """Return why the CPU does not run the layer, or an empty text."""
    try:
        execute(kind, signals)
    except REFUSALS as error:
        return str(error) or type(error).__name__
    return ""


def test_the_catalogue_is_complete() -> None:
    assert list(KINDS) == [
        *("input", "output", "linear", "embedding", "conv1d", "conv2d", "conv_transpose2d"),
        *("max_pool1d", "max_pool2d", "avg_pool2d", "adaptive_avg_pool2d"),
        *("batch_norm1d", "batch_norm2d", "layer_norm", "dropout", "dropout2d"),
        *("relu", "leaky_relu", "elu", "gelu", "silu", "sigmoid", "tanh", "softmax"),
        *("flatten", "reshape", "permute", "add", "multiply", "concatenate", "identity"),
    ]
    assert find("no such kind") is None


@every_layer
def test_defaults_build_and_run(name: str) -> None:
    kind, signals = KINDS[name](), natural(KINDS[name])
    assert errors(kind, signals) == []
    assert execute(kind, signals) == infer(kind, signals)


@every_layer
def test_accepted_is_what_runs_on_the_cpu(name: str) -> None:
    outcomes = Counter[bool]()
    for kind, signals in draws(name):
        found = errors(kind, signals)
        reason = reason_not_to_run(kind, signals)
        if found and not reason and (name, found[0].code) in REFUSED_ON_PURPOSE:
            continue
        assert bool(found) == bool(reason), f"{kind} on {signals}: {found or 'accepted'}; {reason}"
        outcomes[bool(found)] += 1
    assert outcomes[False] >= DRAWS // 10
    assert outcomes[True] >= 3 or name in ("identity", "sigmoid", "tanh")


@every_layer
def test_the_shape_inferred_is_the_shape_executed(name: str) -> None:
    for kind, signals in draws(name):
        if not errors(kind, signals):
            assert infer(kind, signals) == execute(kind, signals), f"{kind} on {signals}"


@every_layer
def test_what_is_wrong_is_said_in_words(name: str) -> None:
    for kind, signals in draws(name):
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
    for kind, signals in draws(name):
        for problem in errors(kind, signals):
            for repair in problem.repairs:
                if repair.edit == "remove":
                    continue
                mended, arriving = repaired(kind, signals, repair.edit, repair.arguments)
                left = {each.code for each in errors(mended, arriving)}
                assert problem.code not in left, f"{kind} on {signals}: {repair}"


def repaired(
    kind: Kind, signals: Signals, edit: str, arguments: Mapping[str, Any]
) -> tuple[Kind, Signals]:
    """Return the layer and its inputs after a repair."""
    if edit == "set_settings":
        declared = {each: getattr(kind, each) for each in kind.declarations()}
        return kind.parse({**declared, **arguments["changes"]}, {}), signals
    inserts = arguments["inserts"] if edit == "insert_before_many" else [{"wire": 0, **arguments}]
    given = list(signals[arguments["port"]])
    for each in inserts:
        inserted = KINDS[each["kind"]].parse(each["settings"], {"vocabulary": 7})
        before = {port.name: (given[each["wire"]],) for port in inserted.inputs}
        assert errors(inserted, before) == []
        result = infer(inserted, before)
        meaning = inserted.meaning(before, result.shape)
        given[each["wire"]] = Signal(result.shape, result.dtype, meaning)
    return kind, {**signals, arguments["port"]: tuple(given)}


@every_kind
def test_settings_survive_json(name: str) -> None:
    random = Random(3)
    for _ in range(50):
        settings = draw_settings(random, KINDS[name])
        kind = KINDS[name].parse(settings, {})
        written = json.dumps({each: getattr(kind, each) for each in kind.declarations()})
        assert KINDS[name].parse(json.loads(written), {}) == kind


@every_kind
def test_defaults_are_values_their_settings_accept(name: str) -> None:
    declared = KINDS[name].declarations()
    kind = KINDS[name]()
    for each, setting in declared.items():
        assert setting.parse(setting.default) == getattr(kind, each)


@every_kind
def test_wrong_settings_are_refused_in_words(name: str) -> None:
    with pytest.raises(SettingError, match="no setting called 'no_such_setting'"):
        KINDS[name].parse({"no_such_setting": 1}, {})
    for each, setting in KINDS[name].declarations().items():
        with pytest.raises(SettingError, match=f"^{setting.title} must") as caught:
            KINDS[name].parse({each: {"a": "mapping"}}, {})
        assert caught.value.setting == each


@every_kind
def test_texts_are_there(name: str) -> None:
    kind = KINDS[name]
    assert kind.title
    assert kind.category in {each.name for each in CATEGORIES}
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
def test_cards_stay_short(name: str) -> None:
    random = Random(5)
    for _ in range(20):
        kind = KINDS[name].parse(draw_settings(random, KINDS[name]), {})
        assert len(kind.telling()) <= 24


@every_layer
def test_defaults_are_those_of_torch(name: str) -> None:
    call = KINDS[name]().call(natural(KINDS[name]))
    for parameter in inspect.signature(module_class(call.target)).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.name not in call.arguments:
            assert parameter.name in OMITTED, f"{parameter.name} is neither a setting nor omitted"
        elif parameter.default is not parameter.empty and (name, parameter.name) not in (
            OTHER_DEFAULTS
        ):
            given = call.arguments[parameter.name]
            assert _plain(given) == _plain(parameter.default), parameter.name


def _plain(value: object) -> object:
    """Return equal sizes as the one number that torch writes for them."""
    if isinstance(value, tuple) and len(set(value)) == 1:
        return value[0]
    return value


@every_layer
def test_layers_with_weights_say_how_they_start_and_whether_they_learn(name: str) -> None:
    kind = KINDS[name]
    call = kind().call(natural(kind))
    owns = any(True for _ in module_class(call.target)(**call.arguments).parameters())
    assert kind.has_weights == owns
    assert ({INITIALISATION, FROZEN} <= set(kind.declarations())) == owns
    assert not {INITIALISATION, FROZEN} & set(call.arguments)


@pytest.mark.parametrize("target", ["os.system", "torch.nn.functional", "torch.nn.init.zeros_", ""])
def test_nothing_but_modules_can_be_built(target: str) -> None:
    with pytest.raises(ValueError, match=r"is no module of torch\.nn"):
        module_class(Call(target).target)
