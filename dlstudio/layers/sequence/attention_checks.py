"""What can be wrong with attention, its heads and its masks, and what mends it.

Knows no particular kind.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from dlstudio.design.model.ports import Port
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import Signal
from dlstudio.layers.framework.kind import Signals
from dlstudio.layers.framework.layer_problems import change, dtype_text, error, insert, shape_text
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
    help="Into how many parts the features are split, each looking for something else; must "
    "divide the features.",
    default=1,
    maximum=MAX_HEADS,
)
CAUSAL = Boolean(
    title="Causal",
    help="Hides what comes later, so that no step can look into the future; needed to write text "
    "word by word.",
    default=False,
)
QUERY_KEY_VALUE = (
    Port("query", "Who looks: steps × features"),
    Port("key", "By what it is found: sources × features; else the query", optional=True),
    Port("value", "What is taken in: sources × features; else the key", optional=True),
)


def mask_port(name: str, steps: str, sources: str) -> Port:
    """Return the optional port for a mask."""
    text = f"True where a step may NOT look: {steps} × {sources}, or {sources} for padding"
    return Port(name, text, optional=True)


MASK = mask_port("mask", "steps", "sources")


def port_signal(signals: Signals, port: str) -> Signal | None:
    """Return what arrives at a port, None where nothing does."""
    return next(iter(signals.get(port, ())), None)


def key_and_value(signals: Signals) -> tuple[Signal, Signal]:
    """Return key and value: what is not wired is the query, or the key."""
    key = port_signal(signals, "key") or signals["query"][0]
    return key, port_signal(signals, "value") or key


def query_key_value(title: str, signals: Signals) -> Iterator[Problem]:
    """Yield what is no sequence, and values that are not as many as the keys."""
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
        yield error(
            "value-steps",
            f"{title} has {key.shape[0]} keys for {value.shape[0]} values",
            f"The {whose} brings {key.text()} and the value {value.text()}, but each value is "
            f"found by its own key, so both need equally many steps. Wire {whose} and value to the "
            "same sequence, or leave the port value open.",
            port="value",
        )


def heads_divide(title: str, setting: str, heads: int, features: int) -> Iterator[Problem]:
    """Yield a number of heads that does not divide the features."""
    if features % heads == 0:
        return
    fitting = next(divisor for divisor in range(heads, 0, -1) if features % divisor == 0)
    yield error(
        "heads-divide",
        f"{title} cannot split {features} features among {heads} heads",
        f"Each of the {heads} heads takes an equal share of the {features} features, but "
        f"{features} cannot be divided by {heads}. Choose a divisor of {features}.",
        (change(f"Use {fitting} {'head' if fitting == 1 else 'heads'}", **{setting: fitting}),),
        port="",
    )


def same_features(title: str, port: str, signal: Signal, features: int) -> Iterator[Problem]:
    """Yield a second sequence with another number of features."""
    if signal.shape[1] != features:
        yield error(
            problem_code(port, "size"),
            f"{title} needs {features} features as {port}, not {signal.shape[1]}",
            f"{signal.text()} arrives as {port}, but it is compared with a sequence of {features} "
            "features and must have as many. Insert a Linear that brings it there.",
            match_features(signal, features, port),
            port=port,
        )


def mask_fits(
    title: str, signals: Signals, sizes: tuple[int, int], port: str = "mask"
) -> Iterator[Problem]:
    """Yield a mask that is not for so many steps and sources."""
    signal = port_signal(signals, port)
    if signal is None:
        return
    steps, sources = sizes
    if signal.dtype != "bool":
        yield error(
            problem_code(port, "dtype"),
            f"{title} cannot take {dtype_text(signal.dtype)} as a mask",
            f"A mask holds true or false (bool), but {signal.text()} of type {signal.dtype} "
            "arrives. Wire the port to an Input with the role mask, or to nothing.",
            port=port,
        )
    elif signal.shape not in ((sources,), sizes):
        count = math.prod(signal.shape)
        fitting = [shape for shape in (sizes, (sources,)) if math.prod(shape) == count]
        yield error(
            problem_code(port, "shape"),
            f"{title} needs a mask of {shape_text(sizes)} or {sources}, not {signal.text()}",
            f"{signal.text()} arrives as a mask, but {steps} steps look at {sources} sources. Give "
            f"it the shape {shape_text(sizes)}, or {sources} where all steps may see the same.",
            [
                insert(f"Insert Reshape to {shape_text(shape)}", "reshape", {"shape": shape}, port)
                for shape in fitting[:1]
            ],
            port=port,
        )
