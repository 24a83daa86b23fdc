"""Checks whether a design can be trained: structure, shapes, data, task and memory.

The only check: window, command line and runs use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.design.model.model import Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.report import Report
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.network.check.inference import Checker, sort_problems
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.readiness.core.block_fixes import with_block_fixes
from dlstudio.training.readiness.core.check_context import CheckContext
from dlstudio.training.readiness.core.output_fixes import with_complete_outputs
from dlstudio.training.readiness.language.embedding_size import embedding_size_problems
from dlstudio.training.readiness.rules.class_balance import class_balance_problems
from dlstudio.training.readiness.rules.class_weight_values import class_weight_value_problems
from dlstudio.training.readiness.rules.data_settings import data_setting_problems
from dlstudio.training.readiness.rules.inputs import data_problems, input_problems
from dlstudio.training.readiness.rules.parameter_groups import parameter_group_problems
from dlstudio.training.readiness.rules.resources import (
    batch_problems,
    memory_problems,
    trainability_problems,
)
from dlstudio.training.readiness.rules.training_settings import (
    setting_problems,
    validation_problems,
)
from dlstudio.training.readiness.task_rules import task_problems

RULES: tuple[Callable[[CheckContext], Iterator[Problem]], ...] = (
    data_problems,
    data_setting_problems,
    input_problems,
    embedding_size_problems,
    task_problems,
    class_balance_problems,
    class_weight_value_problems,
    validation_problems,
    trainability_problems,
    parameter_group_problems,
)
RULES_FOR_VALID_SETTINGS: tuple[Callable[[CheckContext], Iterator[Problem]], ...] = (
    batch_problems,
    memory_problems,
)
"""Rules that compute with the training settings, which must be valid first."""


def check_project(project: Project, checker: Checker, facts: DatasetInfo | None = None) -> Report:
    """Return the complete report on a design; `ok` means that training would start.

    Args:
        project: The design.
        checker: Caches earlier checks, so that a small edit is checked quickly.
        facts: Dataset info; None derives it from the data settings.
    """
    data_facts = info_of(project.data) if facts is None else facts
    context, report = _check(project, checker, data_facts)

    def check(changed: Project) -> Report:
        return _check(changed, checker, data_facts)[1]

    problems = with_block_fixes(context, report.problems, check)
    return replace(report, problems=with_complete_outputs(project, problems, check))


def _check(
    project: Project, checker: Checker, data_facts: DatasetInfo
) -> tuple[CheckContext, Report]:
    """Return the report of all rules, and what they have read."""
    analysis = checker.analyse(project, data_facts)
    context = CheckContext(project, data_facts, analysis)
    issues = list(setting_problems(context))
    rules = RULES if issues else (*RULES, *RULES_FOR_VALID_SETTINGS)
    issues += [problem for rule in rules for problem in rule(context)]
    problems = sort_problems([*analysis.report.problems, *issues], analysis)
    return context, replace(analysis.report, problems=problems)


def require_trainable(project: Project, facts: DatasetInfo) -> Report:
    """Return the report on a design that has no errors and fits in this computer's memory.

    Raises:
        TrainingError: It cannot be trained; the message is that of the first problem.
    """
    report = check_project(project, Checker(), facts)
    errors = [problem for problem in report.problems if problem.prevents_training]
    if errors:
        first, *others = errors
        more = f" ({len(others)} more in Problems.)" if others else ""
        where = f"{first.path}: " if first.path else ""
        raise TrainingError(f"{where}{first.text}{more}", first.path, first.details)
    return report
