"""Fixes that concern blocks: the parameter value that decides a size, and where a fix acts.

A fix inside a block changes its definition, and so every place that uses it. It names the block
and how often that is placed; a value on the block's card that solves the problem comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.editing.blocks.grouping import placements
from dlstudio.design.editing.blocks.references import refs_in
from dlstudio.design.edits import EditError
from dlstudio.design.model.model import BLOCK, BLOCK_INPUT, TOP, Block, Node, Project
from dlstudio.design.model.problems import Problem, Repair
from dlstudio.design.model.report import Report
from dlstudio.design.model.values import Ref
from dlstudio.training.readiness.core.check_context import CheckContext

_MAX_PROBLEMS, _MAX_TRIALS = 3, 10
"""Number of problems for which a parameter value is sought, and of values tried for each."""
_GLOBAL_EDITS = frozenset({"set_training", "set_data", "take_example"})

CheckFunction = Callable[[Project], Report]


@dataclass(frozen=True, slots=True)
class _Placement:
    """A placed block on the canvas of `scope`."""

    scope: str
    node: Node
    block: Block


def with_block_fixes(
    context: CheckContext, problems: Iterable[Problem], check: CheckFunction
) -> tuple[Problem, ...]:
    """Return the problems with fixes by a parameter value, and names of blocks in the others.

    Args:
        context: The design.
        problems: All its problems, complete.
        check: Checks a changed design.
    """
    problems = tuple(problems)
    if not context.project.blocks:
        return problems
    tried = [p for p in problems if p.is_contradiction and any(_placements_of(context, p.path))]
    extra = {
        id(problem): next(_outer_fixes(context, problems, problem, check), None)
        for problem in tried[:_MAX_PROBLEMS]
    }
    return tuple(
        replace(
            problem,
            repairs=(
                *filter(None, (extra.get(id(problem)),)),
                *(_located(context.project, repair) for repair in problem.repairs),
            ),
        )
        for problem in problems
    )


def _located(project: Project, repair: Repair) -> Repair:
    """Return a fix whose title names the block that it changes inside."""
    block = project.blocks.get(str(repair.arguments.get("scope", TOP)))
    if block is None or repair.edit in _GLOBAL_EDITS:
        return repair
    count = len(placements(project, block.id))
    times = f", used {count} times" if count > 1 else ""
    title = f"{repair.title} inside {block.title or block.id}{times}"
    return replace(repair, title=title)


def _outer_fixes(
    context: CheckContext, problems: tuple[Problem, ...], problem: Problem, check: CheckFunction
) -> Iterator[Repair]:
    """Yield fixes on a block's card or before it, after which the problem is gone."""
    old_errors = _errors(problems)
    numbers = sorted(_numbers(context, problem))
    changes = islice(_parameter_changes(context, problem, numbers), _MAX_TRIALS)
    for repair in (*changes, *_inserts_before_block(context, problem)):
        try:
            report = check(apply_repair(context.project, repair))
        except EditError:
            continue
        errors = _errors(report.problems)
        is_value = repair.edit == "set_settings"
        if (problem.path, problem.code) not in errors and (errors <= old_errors or not is_value):
            yield repair


def _inserts_before_block(context: CheckContext, problem: Problem) -> Iterator[Repair]:
    """Yield the fix that inserts a layer, if that can stand before the block as well."""
    around = list(_enclosing(context.project, problem.path))
    for repair in problem.repairs if around else ():
        if repair.edit != "insert_before":
            continue
        placed, arguments = around[-1], repair.arguments
        sources = {
            edge.source
            for edge in placed.block.graph.edges.values()
            if (edge.target, edge.target_port) == (arguments["node"], arguments["port"])
        }
        for source in sources:
            if placed.block.graph.nodes[source].kind == BLOCK_INPUT:
                moved = {"node": placed.node.id, "port": source, "scope": placed.scope, "slot": 0}
                title = f"{repair.title} before {_title(context.project, placed)}"
                fix = Repair(title, repair.edit, {**arguments, **moved})
                yield _located(context.project, fix)


def _parameter_changes(
    context: CheckContext, problem: Problem, numbers: Iterable[int]
) -> Iterator[Repair]:
    """Yield changes of each parameter of the placements concerned, visible cards first."""
    concerned = sorted(
        _placements_of(context, problem.path), key=lambda placed: placed.scope != TOP
    )
    for placed in concerned:
        raw = placed.node.settings.get("values")
        values = raw if isinstance(raw, Mapping) else {}
        for parameter in placed.block.parameters:
            current = values.get(parameter.name, parameter.default)
            if not isinstance(current, int) or isinstance(current, bool):
                continue
            for number in _candidates(placed.block, parameter.name, numbers, current):
                yield _set_parameter(context.project, placed, values, parameter.name, number)


def _set_parameter(
    project: Project, placed: _Placement, values: Mapping[str, object], name: str, number: int
) -> Repair:
    title = _title(project, placed)
    arguments = {
        "node": placed.node.id,
        "scope": placed.scope,
        "changes": {"values": {**values, name: number}},
    }
    fix = Repair(f"Set {name.replace('_', ' ')} to {number} on {title}", "set_settings", arguments)
    return _located(project, fix)


def _title(project: Project, placed: _Placement) -> str:
    """Return the name of a placed block, with its id if others have the same name."""
    title = placed.node.title or placed.block.title or placed.node.id
    is_ambiguous = len(placements(project, placed.block.id)) > 1 and not placed.node.title
    return f"{title} ({placed.node.id})" if is_ambiguous else title


def _candidates(block: Block, name: str, numbers: Iterable[int], current: int) -> list[int]:
    """Return values with which a reference to the parameter gives one of the numbers."""
    refs = {
        ref
        for node in block.graph.nodes.values()
        for ref in refs_in(node.settings)
        if ref.name == name
    }
    solved = {
        number * ref.divide // ref.times
        for number in numbers
        for ref in refs
        if ref.times and number * ref.divide % ref.times == 0
    }
    return sorted(solved - {current}, key=lambda value: abs(value - current))


def _placements_of(context: CheckContext, path: str) -> Iterator[_Placement]:
    """Yield the placements around a node and around those that feed it, innermost first."""
    known = context.analysis.expanded.nodes
    around = [path] if "." in path or path in known else []
    around += context.analysis.topology.sources(path) if path in known else []
    yielded: set[tuple[str, str]] = set()
    for node_path in around:
        for placed in reversed(list(_enclosing(context.project, node_path))):
            if (placed.scope, placed.node.id) not in yielded:
                yielded.add((placed.scope, placed.node.id))
                yield placed


def _enclosing(project: Project, path: str) -> Iterator[_Placement]:
    """Yield the placements around a dotted path, outermost first."""
    scope = TOP
    for segment in (part for part in path.split(".")[:-1] if not part.isdigit()):
        node = project.graph_at(scope).nodes.get(segment)
        block = project.blocks.get(str(node.settings.get("block"))) if node is not None else None
        if node is None or node.kind != BLOCK or block is None:
            return
        yield _Placement(scope, node, block)
        scope = block.id


def _numbers(context: CheckContext, problem: Problem) -> set[int]:
    """Return the sizes that meet at a problem, and those that its fixes would set."""
    report = context.analysis.report.nodes.get(problem.path)
    inputs = report.inputs.values() if report is not None else ()
    numbers = {size for group in inputs for signal in group for size in signal.shape}
    for repair in problem.repairs:
        numbers |= set(_integers(repair.arguments, context.facts.numbers))
    return {number for number in numbers if number > 0}


def _integers(value: object, known: Mapping[str, int]) -> Iterator[int]:
    if isinstance(value, Ref):
        yield from [known[value.name]] if value.name in known else []
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _integers(part, known)
    elif isinstance(value, tuple):
        for part in value:
            yield from _integers(part, known)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def _errors(problems: Iterable[Problem]) -> set[tuple[str, str]]:
    return {(problem.path, problem.code) for problem in problems if problem.is_contradiction}
