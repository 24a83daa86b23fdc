"""The last layers of a network: a superfluous Softmax, and the fix that changes their size."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.model import TOP
from dlstudio.design.model.problems import Problem, Repair, warning
from dlstudio.design.model.values import Value
from dlstudio.layers.registry import find
from dlstudio.training.readiness.core.check_context import CheckContext


def softmax_problems(context: CheckContext, output: str) -> Iterator[Problem]:
    """Yield a Softmax before the cross-entropy, which applies its own."""
    if context.project.training.loss != "cross-entropy":
        return
    for path in context.upstream(output):
        if context.kind(path) == "softmax":
            yield warning(
                "softmax-before-cross-entropy",
                "Softmax before cross-entropy",
                "Cross-entropy applies a Softmax itself, so this second one slows training. "
                "Remove it; predictions are still shown as probabilities.",
                Repair("Remove the Softmax and reconnect", "remove", {"rewire": True}),
                path=path,
            )
            continue
        kind = find(context.kind(path))
        if kind is None or not kind.passes_values:
            return


def resize_fix(context: CheckContext, output: str, count: int, size: Value) -> Repair:
    """Return the fix: resize the last Linear layer if nothing else depends on it, or add one."""
    nodes = context.analysis.expanded.nodes
    for path in context.upstream(output):
        if not context.has_single_consumer(path):
            break
        flat = nodes[path]
        if flat.node.kind == "linear":
            if flat.scope != TOP or flat.node.weights_from or _shares_weights(context, path):
                break
            return Repair(
                f"Give {flat.node.title or path} {count} outputs",
                "set_settings",
                {"node": flat.node.id, "scope": TOP, "changes": {"out_features": size}},
            )
        kind = find(flat.node.kind)
        if kind is None or not kind.keeps_width:
            break
    return Repair(
        f"Insert a Linear layer with {count} outputs",
        "insert_before",
        {"port": "input", "slot": 0, "kind": "linear", "settings": {"out_features": size}},
    )


def _shares_weights(context: CheckContext, path: str) -> bool:
    nodes = context.analysis.expanded.nodes.values()
    return any(flat.node.weights_from == path for flat in nodes)
