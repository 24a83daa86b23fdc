"""Fixes that add layers or networks that a task needs, or replace the design by an example."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from dlstudio.design.editing.snippet import SOURCE, TARGET, Snippet, SnippetCard, SnippetWire
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import TOP
from dlstudio.design.model.problems import Repair
from dlstudio.design.model.values import Value
from dlstudio.layers.basic.io import NOISE_SIZE
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.specs.registry import TASKS

_HIDDEN, _LATENT, _TIME = 64, 8, 32
SAMPLING_LAYER = "reparameterise"
LATENT_ROLES = frozenset({"mean", "log-variance"})


def example_fix(context: CheckContext) -> Iterator[Repair]:
    """Yield the fix that replaces the design by an example of its task.

    It discards the user's network, so it is offered only if no smaller fix exists.
    """
    example = TASKS[context.project.training.task].example
    has_smaller_fix = any(problem.repairs for problem in context.analysis.report.problems)
    if example and not has_smaller_fix:
        title = f"Replace everything by the example “{_title(example)}”"
        yield Repair(title, "take_example", {"name": example})


@cache
def _title(name: str) -> str:
    return load(example_path(name)).title


def add_opponent(context: CheckContext, role: str) -> Iterator[Repair]:
    """Yield the fix that adds a small generator or discriminator with the Output `role`."""
    samples = context.facts.inputs.get("samples")
    if samples is None:
        return
    flat = len(samples.shape) == 1
    layers: list[tuple[str, Mapping[str, Value]]]
    if role == "realness":
        layers = [
            ("input", {}),
            *([] if flat else [("flatten", {})]),
            ("linear", {"out_features": _HIDDEN}),
            ("leaky_relu", {}),
            ("linear", {"out_features": 1}),
        ]
    else:
        layers = [
            ("input", {"role": "noise", "shape": (NOISE_SIZE,)}),
            ("linear", {"out_features": _HIDDEN}),
            ("relu", {}),
            ("linear", {"out_features": math.prod(samples.shape)}),
            *([] if flat else [("reshape", {"shape": samples.shape})]),
        ]
    what = "discriminator" if role == "realness" else "generator"
    yield Repair(
        f"Add a small {what}", "add_piece", {"piece": _layer_chain(layers, role), "node": ""}
    )


def _layer_chain(layers: list[tuple[str, Mapping[str, Value]]], role: str) -> Snippet:
    row = [*layers, ("output", {"role": role})]
    cards = [
        SnippetCard(str(index), kind, settings, index) for index, (kind, settings) in enumerate(row)
    ]
    return Snippet(cards, [SnippetWire(str(index), str(index + 1)) for index in range(len(layers))])


def add_sampling_layer(context: CheckContext) -> Iterator[Repair]:
    """Yield the fix that inserts latent layers and sampling before the last decoder layer."""
    roles = {path: context.setting(path, "role") for path in context.paths("output")}
    ends = [path for path, role in roles.items() if role == "reconstruction"]
    ends = ends or [path for path, role in roles.items() if role not in LATENT_ROLES]
    chain = (path for end in ends[:1] for path in context.upstream(end))
    for path in _row_layers(context, chain):
        size: Mapping[str, Value] = {"out_features": _LATENT}
        piece = Snippet(
            (
                SnippetCard("mean", "linear", size),
                SnippetCard("variance", "linear", size, 0, 1),
                SnippetCard("draw", SAMPLING_LAYER, {}, 1),
                SnippetCard("mean out", "output", {"role": "mean"}, 1, 1),
                SnippetCard("variance out", "output", {"role": "log-variance"}, 1, 2),
            ),
            (
                SnippetWire(SOURCE, "mean"),
                SnippetWire(SOURCE, "variance"),
                SnippetWire("mean", "draw", "mean"),
                SnippetWire("variance", "draw", "log_variance"),
                SnippetWire("mean", "mean out"),
                SnippetWire("variance", "variance out"),
                SnippetWire("draw", TARGET),
            ),
        )
        yield _insert_on_wire("Add mean, log-variance and sampling", piece, path)
        return


def add_latent_output(context: CheckContext, role: str) -> Iterator[Repair]:
    """Yield the fix that adds an Output after the layer that feeds this role of the sampling."""
    expanded, port = context.analysis.expanded, role.replace("-", "_")
    for edge in expanded.edges:
        feeds_sampling = context.kind(edge.target) == SAMPLING_LAYER and edge.target_port == port
        flat = expanded.nodes[edge.source]
        if feeds_sampling and flat.scope == TOP:
            arguments = {"node": flat.node.id, "port": edge.source_port, "scope": TOP}
            yield Repair(
                f"Add an Output after {flat.node.title or flat.node.id}",
                "add_output",
                {**arguments, "settings": {"role": role}},
            )


def add_time_input(context: CheckContext) -> Iterator[Repair]:
    """Yield the fix that connects a time step before the first Linear layer."""
    for path in _row_layers(context, context.analysis.topology.order):
        piece = Snippet(
            (
                SnippetCard("joined", "concatenate", {}, 2),
                SnippetCard("time", "input", {"role": "time step"}, 0, 1),
                SnippetCard("waves", "time_step_embedding", {"width": _TIME}, 1, 1),
            ),
            (
                SnippetWire(SOURCE, "joined", "inputs"),
                SnippetWire("time", "waves"),
                SnippetWire("waves", "joined", "inputs", 1),
                SnippetWire("joined", TARGET),
            ),
        )
        yield _insert_on_wire("Connect a time step", piece, path)
        return


def _row_layers(context: CheckContext, paths: Iterable[str]) -> Iterator[str]:
    """Yield the top-level Linear layers with a float vector as input."""
    for path in paths:
        flat, signal = context.analysis.expanded.nodes[path], context.input_signal(path)
        row = signal is not None and len(signal.shape) == 1 and signal.dtype == "float32"
        if row and flat.scope == TOP and flat.node.kind == "linear":
            yield path


def _insert_on_wire(title: str, piece: Snippet, path: str) -> Repair:
    return Repair(title, "add_piece", {"piece": piece, "node": path, "scope": TOP})
