"""Tasks of an installed plug-in package; everything follows from one declaration."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dlstudio.design.library.files import load, save
from tests.cli.outcome import Outcome
from tests.plugin_package import (
    install_package,
    plugin_environment,
    run_program,
    write_entry_points,
)

PACKAGE = ("tiny_tasks", "dlstudio.tasks")
TASKS = """
from dlstudio.layers.framework.settings import Real
from dlstudio.training.options.named_option import NamedOption
from dlstudio.training.specs.core.task_spec import COMMON_CHECKS, MetricSpec, TaskSpec

MARGIN = NamedOption(
    "margin",
    "Margin",
    "How far the true class is ahead of the others.",
    {"gap": Real(title="Gap", help="Lead that is enough.", default=1.0, minimum=0.0)},
)
RANKING = TaskSpec(
    "ranking",
    "Ranking",
    "Put the true class before all others.",
    settings={"weight": Real(title="Weight", help="Of the loss.", default=1.0, minimum=0.0)},
    objective="tiny_tasks.objective.Ranking",
    checks=(*COMMON_CHECKS, "tiny_tasks.checks.scale_problems"),
    losses=(MARGIN,),
    outputs=("class scores",),
    target="class",
    metrics=(MetricSpec("first", "true class first", higher_is_better=True, percentage=True),),
)
TASKS = (RANKING,)
CLASHING = (TaskSpec("classification", "Mine", "Again."), 3)
FAILING = (
    TaskSpec(
        "failing", "Failing", "Fails.", objective="tiny_tasks.objective.Ranking",
        checks=("gone.rule",), losses=(MARGIN,), outputs=("class scores",),
    ),
    TaskSpec(
        "headless", "Headless", "Has no code.", objective="gone.Objective",
        losses=(MARGIN,), outputs=("class scores",),
    ),
)
"""
OBJECTIVE = """
import torch
from torch.nn import functional

from dlstudio.training.metrics.batch_result import BatchResult
from dlstudio.training.specs.registry import LOSSES, TASKS
from dlstudio.training.tasks.core.objective import Objective, forward_by_role


class Ranking(Objective):
    metric_names = ("first",)
    role = "class scores"

    def __init__(self, training, compiled):
        super().__init__(training, compiled)
        self._gap = LOSSES[training.loss].parse(training.loss_settings)["gap"]
        self._weight = TASKS[training.task].parse(training.task_settings)["weight"]

    def score(self, batch, phase, generator=None):
        scores = forward_by_role(self.main, batch.inputs)[self.role]
        loss = functional.multi_margin_loss(scores, batch.target, margin=self._gap)
        first = (scores.argmax(1) == batch.target).float().mean()
        return BatchResult(self._weight * loss, len(scores), metrics={"first": first})
"""
CHECKS = """
from dlstudio.design.model.problems import error


def scale_problems(context):
    if context.project.training.task_settings.get("weight") == 0:
        yield error("no-weight", "Nothing counts", "The weight of the ranking is 0. Raise it.")
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site-packages folder with the plug-in."""
    modules = {"__init__": TASKS, "objective": OBJECTIVE, "checks": CHECKS}
    site = install_package(tmp_path, "tiny_tasks", modules)
    write_entry_points(site, *PACKAGE, "tiny = tiny_tasks:TASKS")
    return site


@pytest.fixture
def ranked_design(digits: Path) -> Path:
    return with_training(digits, task="ranking", task_settings={"weight": 2.0}, loss="margin")


def with_training(file: Path, **changes: Any) -> Path:
    project = load(file)
    save(replace(project, training=replace(project.training, **changes)), file)
    return file


def problem_codes(outcome: Outcome) -> set[str]:
    return {problem["code"] for problem in outcome.records[0]["problems"]}


TRAIN = ("--epochs", 1, "--device", "cpu", "--threads", 1, "--json")


def test_plugin_task_fills_menus_and_forms_without_importing_torch(
    site: Path, ranked_design: Path
) -> None:
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from dlstudio.design.library.files import load\n"
        "from dlstudio.design.model.signals import DatasetInfo\n"
        "from dlstudio.gui.training.training_form_rows import sections, with_task\n"
        "from dlstudio.training.metrics.metric_names import is_percentage\n"
        "from dlstudio.training.specs.registry import PLUGIN_ERRORS, TASKS, monitors\n"
        "training = load(Path(sys.argv[1])).training\n"
        "rows = {row.name: row.titles for row in sections(training, DatasetInfo())[0].rows}\n"
        "other = with_task(with_task(training, 'regression'), 'ranking')\n"
        "print(json.dumps([rows, monitors('ranking'), is_percentage('test_first'), other.loss,\n"
        "    list(TASKS)[-1], PLUGIN_ERRORS, 'torch' in sys.modules]))"
    )
    rows, monitors, is_percentage, loss, last, errors, torch = json.loads(
        run_program(site, program, ranked_design)
    )
    assert list(rows)[:4] == ["task", "task.weight", "loss", "loss.gap"]
    assert rows["task"]["ranking"] == "Ranking"
    assert monitors["validation_first"] == "Validation true class first"
    assert (is_percentage, loss, last, errors, torch) == (True, "margin", "ranking", [], False)


def test_plugin_task_runs_its_own_checks(
    site: Path, ranked_design: Path, dlstudio: Callable[..., Outcome]
) -> None:
    outcome = dlstudio("check", ranked_design, "--json", env=plugin_environment(site))
    assert (outcome.status, problem_codes(outcome), outcome.err) == (0, set(), "")
    with_training(ranked_design, task_settings={"weight": 0})
    outcome = dlstudio("check", ranked_design, "--json", env=plugin_environment(site))
    assert (outcome.status, problem_codes(outcome)) == (1, {"no-weight"})


def test_plugin_task_is_trained(
    site: Path, ranked_design: Path, dlstudio: Callable[..., Outcome]
) -> None:
    outcome = dlstudio("train", ranked_design, *TRAIN, env=plugin_environment(site))
    assert outcome.status == 0, outcome.err + outcome.out
    assert outcome.records[-1]["event"] == "finished"
    assert outcome.records[-1]["validation_first"] > 0.2


def test_missing_plugin_is_a_problem_and_survives_saving(
    ranked_design: Path, dlstudio: Callable[..., Outcome]
) -> None:
    outcome = dlstudio("check", ranked_design, "--json")
    assert (outcome.status, problem_codes(outcome)) == (1, {"unknown-task"})
    assert "no task called 'ranking'" in outcome.records[0]["problems"][0]["text"]
    outcome = dlstudio("train", ranked_design, *TRAIN)
    assert outcome.status == 1
    assert "no task called 'ranking'" in outcome.records[-1]["text"]
    before = ranked_design.read_bytes()
    save(load(ranked_design), ranked_design)
    assert ranked_design.read_bytes() == before


def test_broken_plugin_tasks_are_reported_and_skipped(
    site: Path, digits: Path, dlstudio: Callable[..., Outcome]
) -> None:
    write_entry_points(site, *PACKAGE, "clash = tiny_tasks:CLASHING", "gone = gone_tasks:TASKS")
    outcome = dlstudio("check", digits, "--json", env=plugin_environment(site))
    assert (outcome.status, problem_codes(outcome)) == (0, set())
    assert outcome.err.splitlines() == [
        "dlstudio: cannot load tasks of a package: tiny-tasks (gone_tasks:TASKS): "
        "ModuleNotFoundError: No module named 'gone_tasks'",
        "dlstudio: cannot load tasks of a package: tiny-tasks (tiny_tasks:CLASHING): "
        "there is already a task called 'classification'",
        "dlstudio: cannot load tasks of a package: tiny-tasks (tiny_tasks:CLASHING): "
        "3 is not a TaskSpec",
    ]


@pytest.mark.parametrize(
    ("task", "text"), [("failing", "its own check failed"), ("headless", "cannot be loaded")]
)
def test_failing_code_is_reported_by_the_check_and_the_run(
    site: Path, digits: Path, dlstudio: Callable[..., Outcome], task: str, text: str
) -> None:
    write_entry_points(site, *PACKAGE, "tiny = tiny_tasks:FAILING")
    with_training(digits, task=task, loss="margin")
    outcome = dlstudio("check", digits, "--json", env=plugin_environment(site))
    assert (outcome.status, problem_codes(outcome)) == (1, {"broken-task"})
    assert text in outcome.out
    outcome = dlstudio("train", digits, *TRAIN, env=plugin_environment(site))
    assert outcome.status == 1
    assert text in outcome.records[-1]["text"]
