"""Random settings and inputs for any layer kind, from its declarations."""

from __future__ import annotations

from random import Random

from dlstudio.design.model.signals import Signal
from dlstudio.design.model.values import Value
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.framework.settings import Boolean, Choice, Integer, IntegerList, Real, Setting

DTYPES = ("int64", "int32", "uint8", "bool")
"""Dtypes besides float32: tokens, classes, raw images and masks."""

MEANINGS = ("", "picture", "maps", "sequence", "features", "tokens")


def random_setting(random: Random, setting: Setting) -> Value:
    """Return a valid value of the setting, usually a small one."""
    value: Value = None
    if getattr(setting, "optional", False) and random.random() < 0.4:
        return value
    match setting:
        case Integer():
            low = max(setting.minimum, -4)
            value = random.randint(low, min(setting.maximum, low + random.choice((1, 3, 8))))
        case Real():
            lower, upper = max(setting.minimum, -2.0), min(setting.maximum, 2.0)
            middle = random.uniform(lower, upper)
            value = random.choice((setting.default, lower, upper, middle))
        case Boolean():
            value = random.random() < 0.5
        case Choice():
            value = random.choice(setting.options)
        case IntegerList():
            value = _random_sizes(random, setting)
        case _:
            raise TypeError(f"unsupported setting {setting!r}")
    return value


def _random_sizes(random: Random, setting: IntegerList) -> Value:
    if setting.words and random.random() < 0.25:
        return random.choice(setting.words)
    count = setting.count or random.randint(0, 4)
    low = max(setting.minimum, -3)
    high = min(setting.maximum, low + random.choice((0, 1, 2, 3)))
    return tuple(random.randint(low, high) for _ in range(count))


def random_settings(random: Random, kind: type[LayerKind]) -> dict[str, Value]:
    """Return values for some of the kind's settings."""
    share = random.choice((0.2, 0.5, 1.0))
    return {
        name: random_setting(random, setting)
        for name, setting in kind.declarations().items()
        if random.random() < share
    }


def random_signal(random: Random, axes: int = 3, dtype: str = "float32") -> Signal:
    """Return a signal that usually has this number of axes and this dtype."""
    count = axes if random.random() < 0.7 else random.randint(0, 4)
    sizes = [random.choice((1, 2, 3, 4, 6, 7, 9)) for _ in range(count)]
    actual_dtype = "float32" if random.random() < 0.85 else random.choice(DTYPES)
    if dtype != "float32" and random.random() < 0.7:
        actual_dtype = dtype
    return Signal(tuple(sizes), actual_dtype, random.choice(MEANINGS))


def random_signals(random: Random, kind: type[LayerKind], axes: int, dtype: str) -> Signals:
    """Return inputs for every port; those of a variadic port are similar."""
    signals: dict[str, tuple[Signal, ...]] = {}
    for port in kind.inputs:
        first = random_signal(random, axes, dtype)
        count = random.randint(0, 3) if port.variadic else 0
        signals[port.name] = (first, *(similar_signal(random, first) for _ in range(count)))
    return signals


def similar_signal(random: Random, signal: Signal) -> Signal:
    """Return a signal that often differs in one size, and rarely in all."""
    chance = random.random()
    if chance < 0.1:
        return random_signal(random, len(signal.shape))
    sizes = list(signal.shape)
    if sizes and chance < 0.6:
        sizes[random.randrange(len(sizes))] = random.choice((1, 2, 4, 7, 8))
    return Signal(tuple(sizes), signal.dtype, signal.meaning)


def random_layer(
    random: Random, kind: type[LayerKind], axes: int, dtype: str
) -> tuple[LayerKind, Signals]:
    """Return a layer with random settings and inputs."""
    settings = random_settings(random, kind)
    return kind.parse(settings, {}), random_signals(random, kind, axes, dtype)
