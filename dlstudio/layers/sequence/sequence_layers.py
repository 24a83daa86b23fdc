"""Base class of layers along a sequence, with checks of their inputs and fixes.

Imports no particular kind.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dlstudio.design.model.problems import Problem, Repair, Severity
from dlstudio.design.model.short_texts import axes_differ
from dlstudio.design.model.signals import Shape, Signal
from dlstudio.design.model.values import Ref
from dlstudio.layers.framework.kind import LayerKind, Signals
from dlstudio.layers.framework.layer_problems import (
    REMOVE,
    dtype_text,
    dtypes_differ,
    insert,
    layer_error,
    layer_hint,
    shape_text,
)
from dlstudio.layers.framework.meanings import MAPS

SEQUENCE_MEANINGS = {1: "features", 2: "sequence"}


@dataclass(frozen=True, eq=False, repr=False)
class SequenceLayer(LayerKind):
    """A kind whose output is a sequence, steps × features."""

    def axes_meaning(self, signals: Signals, shape: Shape) -> str:
        return SEQUENCE_MEANINGS.get(len(shape), "")


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether one of them prevents training."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def problem_code(port: str, aspect: str) -> str:
    """Return the code of a problem at a port: `wrong-rank` for `input`, otherwise `key-rank`."""
    return f"{'wrong' if port == 'input' else port}-{aspect}"


def needs_sequence(title: str, signal: Signal, port: str = "input") -> Iterator[Problem]:
    """Yield a problem unless the input is steps × features of real numbers."""
    where = "" if port == "input" else f" as {port.replace('_', ' ')}"
    if signal.dtype != "float32":
        yield _not_real(title, signal, port, where)
    elif len(signal.shape) != 2:
        target = _as_sequence(signal.shape)
        yield layer_error(
            problem_code(port, "rank"),
            f"{title} cannot take {signal.text()}{where}",
            f"{title} works along a sequence, steps × features, 2 axes, but the input{where} is "
            f"{signal.text()} with {len(signal.shape)}. Insert a Reshape: the first axis holds the "
            "steps, the second the features of a step.",
            (
                insert(
                    f"Insert Reshape to {shape_text(target)}", "reshape", {"shape": target}, port
                ),
            ),
            port=port,
            short=axes_differ(len(signal.shape), 2),
        )
    elif signal.meaning in MAPS:
        steps, features = reversed(signal.shape)
        yield layer_hint(
            "channels-first",
            f"{title} reads the {signal.shape[0]} channels as steps",
            f"The input{where} is {signal.text()} as channels × length, but {title} reads steps × "
            f"features. Insert a Permute, which turns it into {steps} steps of {features} "
            "features.",
            (insert("Insert Permute (1 0)", "permute", {"axes": (1, 0)}, port),),
            short="channels first",
        )


def _not_real(title: str, signal: Signal, port: str, where: str) -> Problem:
    advice = "Choose a normalisation in the data settings, which turns them into real numbers."
    repairs: tuple[Repair, ...] = (REMOVE,) if port == "input" else ()
    if signal.dtype in ("int64", "int32") and len(signal.shape) == 1:
        advice = "Insert an Embedding, which looks up a learned vector for each of them."
        settings = {"num_embeddings": Ref("vocabulary")} if signal.meaning == "tokens" else {}
        repairs = (insert("Insert Embedding", "embedding", settings, port),)
    return layer_error(
        problem_code(port, "dtype"),
        f"{title} cannot take {dtype_text(signal.dtype)}{where}",
        f"{title} works on real numbers (float32), but the input{where} is {signal.text()} of type "
        f"{signal.dtype}. {advice}",
        repairs,
        port=port,
        short=dtypes_differ(signal.dtype, "floats"),
    )


def _as_sequence(shape: Shape) -> tuple[int, int]:
    """Return a suitable shape of steps and features for these numbers."""
    if len(shape) > 1:
        return math.prod(shape[:-1]), shape[-1]
    return math.prod(shape), 1


def match_features(signal: Signal, features: int, port: str) -> tuple[Repair, ...]:
    """Return the fix that gives a sequence this number of features, if Linear accepts it."""
    if signal.meaning in MAPS:
        return ()
    title = f"Insert Linear ({signal.shape[-1]} → {features})"
    return (insert(title, "linear", {"out_features": features}, port),)
