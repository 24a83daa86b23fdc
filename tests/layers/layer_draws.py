"""Random settings and random inputs for any layer kind, from its declarations alone."""

from __future__ import annotations

from random import Random

from dlstudio.design.signals import Signal
from dlstudio.design.values import Value
from dlstudio.layers.kind import Kind, Signals
from dlstudio.layers.settings import Choice, Number, Setting, Sizes, Switch, Whole

DTYPES = ("int64", "int32", "uint8", "bool")
"""Types that occur besides float32: tokens, classes, raw pictures and masks."""

USUAL_AXES = {
    "conv1d": 2,
    "max_pool1d": 2,
    "batch_norm1d": 1,
    "embedding": 1,
    "linear": 1,
    "layer_norm": 2,
    "permute": 2,
}
"""How many axes most drawn inputs have; 3 where the kind is not named."""

MEANINGS = ("", "picture", "maps", "sequence", "features", "tokens")


def draw_setting(random: Random, setting: Setting) -> Value:
    """Return a value that the setting accepts, mostly a small one."""
    drawn: Value = None
    if getattr(setting, "optional", False) and random.random() < 0.4:
        return drawn
    match setting:
        case Whole():
            low = max(setting.minimum, -4)
            drawn = random.randint(low, min(setting.maximum, low + random.choice((1, 3, 8))))
        case Number():
            low_end, high_end = max(setting.minimum, -2.0), min(setting.maximum, 2.0)
            between = random.uniform(low_end, high_end)
            drawn = random.choice((setting.default, low_end, high_end, between))
        case Switch():
            drawn = random.random() < 0.5
        case Choice():
            drawn = random.choice(setting.options)
        case Sizes():
            drawn = _draw_sizes(random, setting)
        case _:
            raise TypeError(f"no way to draw {setting!r}")
    return drawn


def _draw_sizes(random: Random, setting: Sizes) -> Value:
    if setting.words and random.random() < 0.25:
        return random.choice(setting.words)
    count = setting.count or random.randint(0, 4)
    low = max(setting.minimum, -3)
    high = min(setting.maximum, low + random.choice((0, 1, 2, 3)))
    return tuple(random.randint(low, high) for _ in range(count))


def draw_settings(random: Random, kind: type[Kind]) -> dict[str, Value]:
    """Return values for some of the kind's settings."""
    share = random.choice((0.2, 0.5, 1.0))
    return {
        name: draw_setting(random, setting)
        for name, setting in kind.declarations().items()
        if random.random() < share
    }


def draw_signal(random: Random, kind: type[Kind]) -> Signal:
    """Return an input that often, but not always, suits the kind."""
    axes = USUAL_AXES.get(kind.name, 3) if random.random() < 0.7 else random.randint(0, 4)
    sizes = [random.choice((1, 2, 3, 4, 6, 7, 9)) for _ in range(axes)]
    dtype = "float32" if random.random() < 0.85 else random.choice(DTYPES)
    if kind.name == "embedding" and random.random() < 0.7:
        dtype = "int64"
    return Signal(tuple(sizes), dtype, random.choice(MEANINGS))


def draw_signals(random: Random, kind: type[Kind]) -> Signals:
    """Return inputs for every port; wires of a variadic port resemble each other."""
    signals: dict[str, tuple[Signal, ...]] = {}
    for port in kind.inputs:
        first = draw_signal(random, kind)
        more = random.randint(0, 3) if port.variadic else 0
        signals[port.name] = (first, *(_twin(random, kind, first) for _ in range(more)))
    return signals


def _twin(random: Random, kind: type[Kind], signal: Signal) -> Signal:
    chance = random.random()
    if chance < 0.1:
        return draw_signal(random, kind)
    sizes = list(signal.shape)
    if sizes and chance < 0.6:
        sizes[random.randrange(len(sizes))] = random.choice((1, 2, 4, 7, 8))
    return Signal(tuple(sizes), signal.dtype, signal.meaning)


def draw(random: Random, kind: type[Kind]) -> tuple[Kind, Signals]:
    """Return a layer and its inputs; a Reshape and a Permute often fit."""
    settings, signals = draw_settings(random, kind), draw_signals(random, kind)
    if random.random() < 0.5:
        shape = list(signals["input"][0].shape) if "input" in signals else []
        if kind.name == "reshape" and shape:
            random.shuffle(shape)
            if random.random() < 0.5:
                shape[random.randrange(len(shape))] = -1
            settings["shape"] = tuple(shape)
        if kind.name == "permute":
            axes = random.sample(range(len(shape)), len(shape))
            settings["axes"] = tuple(random.choice((axis, axis - len(shape))) for axis in axes)
    return kind.parse(settings, {}), signals
