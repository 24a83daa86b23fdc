"""The last layers of a network: activations before scores, and the fix that changes the size."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.editing.snippet import SOURCE, TARGET, Snippet, SnippetCard, SnippetWire
from dlstudio.design.model.model import TOP
from dlstudio.design.model.problems import Problem, Repair, warning
from dlstudio.design.model.values import Value
from dlstudio.layers.activation.rectifiers import Activation
from dlstudio.layers.activation.saturating import BOUNDED, SoftmaxFamily
from dlstudio.layers.framework.kind import LayerKind
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
                short="Softmax twice",
            )
            continue
        kind = find(context.kind(path))
        if kind is None or not kind.passes_values:
            return


def activation_problems(
    context: CheckContext, output: str, count: int, size: Value
) -> Iterator[Problem]:
    """Yield an activation between the last layer and the scores that the cross-entropy compares.

    Args:
        context: The design.
        output: Path of the Output.
        count: Number of scores; `size` is the same as a setting.
        size: See `count`.
    """
    if context.project.training.loss != "cross-entropy":
        return
    flat = context.analysis.expanded.nodes[output]
    for path in context.upstream(output):
        kind = find(context.kind(path))
        if kind is None:
            return
        if _belongs_inside(context, kind):
            yield warning(
                "activation-before-scores",
                f"{kind.title} limits the scores",
                f"{kind.title} is the last step before the scores, so that some scores cannot be "
                "reached, and training is slow or stops. End with a Linear layer.",
                _insert_linear(count, size, node=flat.node.id, scope=flat.scope),
                Repair(f"Remove the {kind.title} and reconnect", "remove", {"rewire": True}),
                path=path,
                short="limits scores",
            )
        if not kind.passes_values:
            return


def _belongs_inside(context: CheckContext, kind: type[LayerKind]) -> bool:
    """Whether a kind is an activation of hidden layers, after which a Linear layer must follow.

    Bounded activations can end a network whose loss compares values or probabilities.
    """
    if not issubclass(kind, Activation) or issubclass(kind, SoftmaxFamily):
        return False
    return context.project.training.loss == "cross-entropy" or not issubclass(kind, BOUNDED)


def _insert_linear(count: int, size: Value, **place: str) -> Repair:
    """Return the fix that inserts a Linear layer before the card of the problem, or of `place`."""
    return Repair(
        f"Insert a Linear layer with {_outputs(count)}",
        "insert_before",
        {**place, "port": "input", "slot": 0, "kind": "linear", "settings": {"out_features": size}},
    )


def resize_fix(context: CheckContext, output: str, count: int, size: Value) -> Repair:
    """Return the fix: resize the last Linear layer if nothing else depends on it, or add one.

    After an activation of hidden layers one is added.
    """
    nodes = context.analysis.expanded.nodes
    for path in context.upstream(output):
        if not context.has_single_consumer(path):
            break
        flat = nodes[path]
        if flat.node.kind == "linear":
            if flat.scope != TOP or flat.node.weights_from or _shares_weights(context, path):
                break
            return Repair(
                f"Give {flat.node.title or path} {_outputs(count)}",
                "set_settings",
                {"node": flat.node.id, "scope": TOP, "changes": {"out_features": size}},
            )
        kind = find(flat.node.kind)
        if kind is None or not kind.keeps_width or _belongs_inside(context, kind):
            break
    return _insert_linear(count, size)


def append_fix(context: CheckContext, output: str, count: int, size: Value) -> Iterator[Repair]:
    """Yield the fix that keeps the last Linear layer as a hidden one, if it is wider than needed.

    It inserts ReLU and a Linear layer of the needed size before the Output.
    """
    path = next(iter(context.upstream(output)), "")
    signal, flat = context.input_signal(output), context.analysis.expanded.nodes[output]
    if context.kind(path) != "linear" or signal is None or signal.shape[-1] <= count:
        return
    piece = Snippet(
        (
            SnippetCard("relu", "relu", {}, 0),
            SnippetCard("linear", "linear", {"out_features": size}, 1),
        ),
        (
            SnippetWire(SOURCE, "relu"),
            SnippetWire("relu", "linear"),
            SnippetWire("linear", TARGET),
        ),
    )
    yield Repair(
        f"Insert ReLU and a Linear layer with {_outputs(count)}",
        "add_piece",
        {"piece": piece, "node": flat.node.id, "scope": flat.scope},
    )


def _outputs(count: int) -> str:
    return f"{count} output{'s' if count != 1 else ''}"


def _shares_weights(context: CheckContext, path: str) -> bool:
    nodes = context.analysis.expanded.nodes.values()
    return any(flat.node.weights_from == path for flat in nodes)
