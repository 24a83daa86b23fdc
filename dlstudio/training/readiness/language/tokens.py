"""Rules of the tasks on tokens: data of tokens, the size of the scores, and causality."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, Repair, error
from dlstudio.design.model.short_texts import unequal
from dlstudio.design.model.values import Ref
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.readiness.core.data_fixes import task_data_fix
from dlstudio.training.readiness.core.fix_snippets import example_fix
from dlstudio.training.readiness.core.last_layer import resize_fix, softmax_problems
from dlstudio.training.readiness.core.roles import output_path, task_spec
from dlstudio.training.readiness.rules.per_step_labels import transpose_fix

_ROLE, _TOKENS, _TARGET_TOKENS = "next token", "tokens", "target tokens"


def token_data_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the data lacks the tokens that the task needs."""
    task, facts = task_spec(context), context.facts
    if not facts.inputs:
        return
    pairs = _TARGET_TOKENS in task.inputs
    enough = facts.target is not None and facts.target.meaning == "tokens"
    enough = enough or not task.target
    if _TOKENS in facts.inputs and enough and (not pairs or _TARGET_TOKENS in facts.inputs):
        yield from _unsuitable_layers(context)
        return
    yield error(
        "task-mismatch",
        f"{task.title} needs {'pairs of sequences' if pairs else 'tokens'}",
        f"{task.title} predicts tokens, but this data "
        f"{'has no pairs of sequences' if _TOKENS in facts.inputs else 'has none'}. "
        "Choose other data, or another task.",
        task_data_fix(context),
    )


def _unsuitable_layers(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the network is for images or numbers, and no other fix exists."""
    unfixable = (problem for problem in context.analysis.report.problems if not problem.repairs)
    first = next(
        (problem for problem in unfixable if problem.code in ("wrong-dtype", "wrong-rank")), None
    )
    if first is None:
        return
    task = task_spec(context)
    yield error(
        "not-for-tokens",
        "This network cannot read tokens",
        f"{task.title} reads a sequence of tokens, but {first.path} needs a different input. Start "
        "with an Embedding, followed by layers for sequences.",
        *example_fix(context),
    )


def token_size_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the scores are not (positions, vocabulary)."""
    return _size_problems(context, allow_single=False)


def next_token_size_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield the same problem, but also accept scores of only the token after the window."""
    return _size_problems(context, allow_single=True)


def _size_problems(context: CheckContext, *, allow_single: bool) -> Iterator[Problem]:
    path = output_path(context, _ROLE)
    signal, facts = context.input_signal(path) if path else None, context.facts
    target = facts.target if task_spec(context).target else facts.inputs.get(_TOKENS)
    size = facts.numbers.get("vocabulary", 0)
    if path:
        yield from softmax_problems(context, path)
    if signal is None or target is None or target.meaning != "tokens" or not size:
        return
    expected = (*target.shape, size)
    if signal.shape == expected or (allow_single and signal.shape == (size,)):
        return
    text = "×".join(map(str, expected))
    repairs: tuple[Repair, ...] = ()
    if signal.shape[:-1] == target.shape or (allow_single and len(signal.shape) == 1):
        repairs = (resize_fix(context, path, size, Ref("vocabulary")),)
    elif len(signal.shape) == 2 and signal.shape[::-1] == expected:
        repairs = (transpose_fix(),)
    yield error(
        "output-tokens",
        f"The output is {signal.text()} instead of {text}",
        f"For each of {target.text()} tokens the network must output {size} scores, one for each "
        f"token of the vocabulary: {text} instead of {signal.text()}. End it with a Linear layer "
        f"with {size} outputs, which acts on each position.",
        *repairs,
        path=path,
        short=unequal(signal.shape, expected),
    )


def causality_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield each layer that is not causal along the predicted sequence."""
    pairs = _TARGET_TOKENS in task_spec(context).inputs
    role = _TARGET_TOKENS if pairs else _TOKENS
    topology, generated = context.analysis.topology, set[str]()
    signal = context.input_signal(output_path(context, _ROLE))
    if not pairs and signal is not None and len(signal.shape) < 2:
        return
    for path in topology.order:
        sources = topology.sources(path)
        if context.kind(path) == "input":
            if context.setting(path, "role") == role:
                generated.add(path)
        elif not generated.isdisjoint(sources):
            generated.add(path)
            is_cross_attention = not generated.issuperset(sources)
            if context.setting(path, "bidirectional") is True:
                yield _causality_problem(path, "Make it one-directional", bidirectional=False)
            elif context.setting(path, "causal") is False and (
                not is_cross_attention or context.kind(path) == "transformer_decoder_layer"
            ):
                yield _causality_problem(path, "Switch causal on", causal=True)


def _causality_problem(path: str, title: str, **changes: bool) -> Problem:
    return error(
        "looks-ahead",
        "This layer looks ahead",
        "Each position predicts the next token, but this layer lets it see that token, so the "
        "network would copy it and learn nothing. Make the layer causal.",
        Repair(title, "set_settings", {"changes": changes}),
        path=path,
        short="looks ahead",
    )
