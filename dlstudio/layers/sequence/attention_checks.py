"""Problems of attention, its heads and its masks, and their fixes.

Imports no particular kind.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.short_texts import indivisible, unequal
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import Signals
from dlstudio.layers.framework.layer_problems import (
    change,
    dtype_text,
    dtypes_differ,
    insert,
    layer_error,
    shape_text,
)
from dlstudio.layers.framework.settings import Boolean, Integer
from dlstudio.layers.sequence.sequence_layers import (
    has_errors,
    match_features,
    needs_sequence,
    problem_code,
)

MAX_HEADS = 1000
HEADS = Integer(
    title="Heads",
    help="Number of parts the features are split into, each looking for something else; must "
    "divide the features.",
    default=1,
    maximum=MAX_HEADS,
)
CAUSAL = Boolean(
    title="Causal",
    help="Hides later steps, so that no step can look into the future; needed to write text word "
    "by word.",
    default=False,
)
QUERY_KEY_VALUE = (
    Port("query", "Who looks: steps × features"),
    Port(
        "key",
        "What the query is compared with: sources × features; default: the query",
        optional=True,
    ),
    Port("value", "What is taken in: sources × features; default: the key", optional=True),
)


def mask_port(name: str, steps: str, sources: str) -> Port:
    """Return the optional port for a mask."""
    text = f"True where a step must NOT attend: {steps} × {sources}, or {sources} for padding"
    return Port(name, text, optional=True)


MASK = mask_port("mask", "steps", "sources")


def port_signal(signals: Signals, port: str) -> Signal | None:
    """Return the signal of a port, None if it is not connected."""
    return next(iter(signals.get(port, ())), None)


def key_and_value(signals: Signals) -> tuple[Signal, Signal]:
    """Return key and value: a missing key is the query, a missing value the key."""
    key = port_signal(signals, "key") or signals["query"][0]
    return key, port_signal(signals, "value") or key


def query_key_value(title: str, signals: Signals) -> Iterator[Problem]:
    """Yield problems of inputs that are not sequences, and of unequal keys and values."""
    problems = [
        problem
        for port in ("query", "key", "value")
        for signal in signals.get(port, ())
        for problem in needs_sequence(title, signal, port)
    ]
    yield from problems
    if has_errors(problems):
        return
    key, value = key_and_value(signals)
    if key.shape[0] != value.shape[0]:
        whose = "key" if "key" in signals else "query"
        yield layer_error(
            "value-steps",
            f"{title} has {key.shape[0]} keys for {value.shape[0]} values",
            f"The {whose} is {key.text()} and the value {value.text()}, but each value has its own "
            f"key, so both need equal numbers of steps. Wire {whose} and value to the same "
            "sequence, or leave the port value unconnected.",
            port="value",
            short=unequal(key.shape[0], value.shape[0]),
        )


def heads_divide(title: str, setting: str, heads: int, features: int) -> Iterator[Problem]:
    """Yield a problem if the number of heads does not divide the features."""
    if features % heads == 0:
        return
    fitting = next(divisor for divisor in range(heads, 0, -1) if features % divisor == 0)
    yield layer_error(
        "heads-divide",
        f"{title} cannot split {features} features among {heads} heads",
        f"Each of the {heads} heads takes an equal part of the {features} features, but {features} "
        f"is not divisible by {heads}. Choose a divisor of {features}.",
        (change(f"Use {fitting} {'head' if fitting == 1 else 'heads'}", **{setting: fitting}),),
        port="",
        short=indivisible(features, heads),
    )


def same_features(title: str, port: str, signal: Signal, features: int) -> Iterator[Problem]:
    """Yield a problem of a second sequence with another number of features."""
    if signal.shape[1] != features:
        yield layer_error(
            problem_code(port, "size"),
            f"{title} needs {features} features as {port}, not {signal.shape[1]}",
            f"The input {port} is {signal.text()}, but it is compared with a sequence of "
            f"{features} features and must have as many. Insert a Linear with {features} outputs.",
            match_features(signal, features, port),
            port=port,
            short=unequal(signal.shape[1], features),
        )


def mask_fits(
    title: str, signals: Signals, sizes: tuple[int, int], port: str = "mask"
) -> Iterator[Problem]:
    """Yield problems of a mask that does not match the steps and sources."""
    signal = port_signal(signals, port)
    if signal is None:
        return
    steps, sources = sizes
    if signal.dtype != "bool":
        yield layer_error(
            problem_code(port, "dtype"),
            f"{title} cannot take {dtype_text(signal.dtype)} as a mask",
            f"A mask has the values true and false (bool), but the input is {signal.text()} of "
            f"type {signal.dtype}. Wire the port to an Input with the role mask, or leave it "
            "unconnected.",
            port=port,
            short=dtypes_differ(signal.dtype, "bool"),
        )
    elif signal.shape not in ((sources,), sizes):
        count = math.prod(signal.shape)
        fitting = [shape for shape in (sizes, (sources,)) if math.prod(shape) == count]
        yield layer_error(
            problem_code(port, "shape"),
            f"{title} needs a mask of {shape_text(sizes)} or {sources}, not {signal.text()}",
            f"The mask is {signal.text()}, but {steps} steps attend to {sources} sources. Give it "
            f"the shape {shape_text(sizes)}, or {sources} if it is the same for all steps.",
            [
                insert(f"Insert Reshape to {shape_text(shape)}", "reshape", {"shape": shape}, port)
                for shape in fitting[:1]
            ],
            port=port,
            short=unequal(signal.shape, sizes),
        )
