"""Rules for known data, and for Inputs that the data can fill."""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.problems import Problem, Repair, error, incomplete
from dlstudio.design.model.short_texts import short_enough
from dlstudio.design.storage.paths import OPTION as PLACE
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.readiness.core.data_fixes import input_data_fix
from dlstudio.training.readiness.rules.data_settings import option_problems
from dlstudio.training.specs.registry import TASKS


def data_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield a problem if the data cannot be read, is unknown, or has no path."""
    data = context.project.data
    unreadable = list(option_problems(context))
    yield from unreadable
    if unreadable:
        return
    source = SOURCES[data.source]
    if not context.facts.inputs:
        yield incomplete(
            "no-data",
            "The data has not been read yet",
            f"The shapes of “{source.title}” are unknown until it is read. Press Preview under "
            "Data, in the panel on the right while no card is selected; if the data is missing, "
            "choose it again there.",
            input_data_fix(context),
        )
    elif source.needs_path and not data.options.get(PLACE):
        yield incomplete(
            "no-data",
            "No data has been chosen yet",
            f"The data set “{source.title}” has no file or folder yet. "
            "Choose your data in the data settings.",
            input_data_fix(context),
        )


def input_problems(context: CheckContext) -> Iterator[Problem]:
    """Yield each Input that the data cannot fill."""
    available = context.facts.inputs
    task = context.project.training.task
    generated = TASKS[task].filled_inputs if task in TASKS else ()
    for path in context.paths("input") if available else ():
        report = context.analysis.report.nodes[path]
        role = str(context.setting(path, "role"))
        signal = next(iter(report.outputs.values()), None)
        if signal is None:
            continue
        if role not in available and role not in generated:
            yield error(
                "input-role",
                f"The data has no {role}",
                f"This Input needs {role!r}, but the data provides {', '.join(available)}. "
                "Choose another role, or other data.",
                Repair(
                    f"Set the role to {next(iter(available))!r}",
                    "set_settings",
                    {"changes": {"role": next(iter(available))}},
                ),
                path=path,
                short=short_enough(f"no {role}", "no such data"),
            )
