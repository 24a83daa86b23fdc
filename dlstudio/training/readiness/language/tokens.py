"""Do tokens come in, is every one of them scored, and does nothing look ahead?"""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.values import Ref
from dlstudio.training.readiness.core.check_context import (
    CheckContext,
    change_data,
    error,
)
from dlstudio.training.readiness.core.fix_snippets import example_fix
from dlstudio.training.readiness.core.last_layer import resize_fix, softmax_problems
from dlstudio.training.readiness.core.roles import output_path, task_spec
from dlstudio.training.readiness.rules.per_step_labels import transpose_fix

_ROLE, _TOKENS, _TARGET_TOKENS = "next token", "tokens", "target tokens"


def token_data_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem where the data does not bring the tokens that the task needs."""
    task, facts = task_spec(context), context.facts
    if not facts.inputs:
        return
    pairs = _TARGET_TOKENS in task.inputs
    enough = facts.target is not None and facts.target.meaning == "tokens"
    enough = enough or not task.target
    if _TOKENS in facts.inputs and enough and (not pairs or _TARGET_TOKENS in facts.inputs):
        yield from _unsuitable_layers(context)
        return
    source, description = ("word-reversal", "the words to reverse") if pairs else ("text", "a text")
    yield error(
        "task-mismatch",
        f"{task.title} needs {'pairs of sequences' if pairs else 'tokens'}",
        f"{task.title} predicts tokens, and this data "
        f"{'pairs no sequences of them' if _TOKENS in facts.inputs else 'is not made of any'}. "
        "Choose other data, or another task.",
        change_data(f"Use {description}", source=source, options={}, facts=None),
    )


def _unsuitable_layers(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem where the network was drawn for pictures or numbers, and nothing mends it."""
    unfixable = (problem for problem in context.analysis.report.problems if not problem.repairs)
    first = next(
        (problem for problem in unfixable if problem.code in ("wrong-dtype", "wrong-rank")), None
    )
    if first is None:
        return
    task = task_spec(context)
    yield error(
        "not-for-tokens",
        "This network is not made for tokens",
        f"{task.title} reads a row of tokens, and {first.path} takes something else. Begin with "
        "an Embedding, and let layers for sequences follow it.",
        *example_fix(context),
    )


def token_size_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem where there is not a row of scores, one for each token of the table."""
    return _size_problems(context, allow_single=False)


def next_token_size_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem likewise; one row for the token behind the window will do too."""
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
        f"{signal.text()} leave the network, {text} are needed",
        f"For each of {target.text()} tokens the network must give {size} scores, one for each "
        f"token of the vocabulary: {text}. {signal.text()} arrives. End it with a Linear layer of "
        f"{size} outputs, which works on each position by itself.",
        *repairs,
        path=path,
    )


def causality_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield each layer that looks ahead along the sequence that is to be written."""
    pairs = _TARGET_TOKENS in task_spec(context).inputs
    role = _TARGET_TOKENS if pairs else _TOKENS
    wiring, generated = context.analysis.topology, set[str]()
    signal = context.input_signal(output_path(context, _ROLE))
    if not pairs and signal is not None and len(signal.shape) < 2:
        return
    for path in wiring.order:
        sources = wiring.sources(path)
        if context.kind(path) == "input":
            if context.setting(path, "role") == role:
                generated.add(path)
        elif not generated.isdisjoint(sources):
            generated.add(path)
            is_cross_attention = not generated.issuperset(sources)
            if context.setting(path, "bidirectional") is True:
                yield _causality_problem(path, "Read forwards only", bidirectional=False)
            elif context.setting(path, "causal") is False and (
                not is_cross_attention or context.kind(path) == "transformer_decoder_layer"
            ):
                yield _causality_problem(path, "Switch causal on", causal=True)


def _causality_problem(path: str, title: str, **changes: bool) -> Problem:
    return error(
        "looks-ahead",
        "This layer looks ahead",
        "Each position is to tell the token behind it, and through this layer it sees that token: "
        "the network would copy and learn nothing. Let it look back only.",
        Repair(title, "set_settings", {"changes": changes}),
        path=path,
    )
