"""Does what the data offers reach the network as the network expects it?"""

from __future__ import annotations

from collections.abc import Iterator

from dlstudio.design.problems import Problem, Repair
from dlstudio.training.rules.situation import Situation, change_data, error
from dlstudio.training.task_table import TASKS


def data_problems(situation: Situation) -> Iterator[Problem]:
    """Yield a problem where nothing is known of the data."""
    if not situation.facts.inputs:
        source = situation.project.data.source
        yield error(
            "no-data",
            "The data has not been read yet",
            f"Nothing is known of the data ({source}): it has not been read, or cannot be found. "
            "Open the data settings and choose it there.",
            change_data("Use the handwritten digits", source="digits", options={}, facts=None),
        )


def input_problems(situation: Situation) -> Iterator[Problem]:
    """Yield each Input that the data cannot serve."""
    offered = situation.facts.inputs
    task = situation.project.training.task
    supplied = TASKS[task].supplies if task in TASKS else ()
    for path in situation.paths("input") if offered else ():
        report = situation.examined.report.nodes[path]
        role = str(situation.setting(path, "role"))
        signal = next(iter(report.outputs.values()), None)
        if signal is None:
            continue
        if role not in offered and role not in supplied:
            yield error(
                "input-role",
                f"The data has no {role}",
                f"This Input asks for {role!r}; the data offers {', '.join(offered)}. "
                "Choose another role, or other data.",
                Repair(
                    f"Set the role to {next(iter(offered))!r}",
                    "set_settings",
                    {"changes": {"role": next(iter(offered))}},
                ),
                path=path,
            )
