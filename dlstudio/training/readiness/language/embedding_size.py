"""The rule that an Embedding of tokens is large enough for the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.model.problems import Problem, Repair, error
from dlstudio.design.model.short_texts import compact
from dlstudio.design.model.values import Ref
from dlstudio.training.readiness.core.check_context import CheckContext

_ROLES = frozenset({"tokens", "target tokens"})


def embedding_size_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield each Embedding of tokens that has fewer entries than the vocabulary."""
    size = context.facts.numbers.get("vocabulary", 0)
    for path in context.paths("embedding") if size else ():
        entries = context.setting(path, "num_embeddings")
        if not isinstance(entries, int) or entries >= size or not _looks_up_tokens(context, path):
            continue
        yield error(
            "table-size",
            f"The Embedding has {entries} entries, but needs {size}",
            f"This Embedding looks up tokens, and the vocabulary has {size} of them. "
            f"Set it to {size} entries.",
            Repair(
                f"Set it to {size} entries",
                "set_settings",
                {"changes": {"num_embeddings": Ref("vocabulary")}},
            ),
            path=path,
            short=f"{compact(entries)} < {compact(size)}",
        )


def _looks_up_tokens(context: CheckContext, path: str) -> bool:
    """Whether the input is the tokens themselves, at most sliced or reshaped."""
    for ancestor in context.upstream(path):
        if context.kind(ancestor) == "input":
            return context.setting(ancestor, "role") in _ROLES
        report = context.analysis.report.nodes.get(ancestor)
        if report is None or any(out.dtype != "int64" for out in report.outputs.values()):
            return False
    return False
