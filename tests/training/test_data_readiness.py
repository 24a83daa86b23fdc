"""What is said of data settings, and of data that a task cannot use, before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dlstudio.data.facts import facts_of
from dlstudio.data.sources import SOURCES
from dlstudio.design.data_settings import Augmentation, DataSettings, Split
from dlstudio.design.model import Project
from dlstudio.design.problems import Problem
from dlstudio.design.repairs import apply_repair
from dlstudio.design.signals import DataFacts, Signal
from dlstudio.design.training_settings import EarlyStopping, TrainingSettings
from dlstudio.design.values import Ref
from dlstudio.network.inference import Checker
from dlstudio.training.events import Finished
from dlstudio.training.readiness import check_project
from dlstudio.training.recipes import LOSSES
from dlstudio.training.task_table import TASKS
from tests.training.token_designs import SCORES, reading
from tests.training.training_designs import PLAIN, chain, follow, only

CHECKER = Checker()
UNUSABLE = "bad-data-setting"
REVIEWS = DataSettings("reviews", {"samples": 100})


def problems(project: Project) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_project(project, CHECKER).problems}


def mended(project: Project, code: str) -> Project:
    """Return the project after the problem's first remedy, which must take it away."""
    repaired = apply_repair(project, problems(project)[code].repairs[0])
    assert code not in problems(repaired)
    return repaired


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"split": Split(validation=2.0)}, "Validation must lie in 0…1, not 2.0"),
        ({"split": Split(test=-1.0)}, "Test must lie in 0…1, not -1.0"),
        ({"augmentation": Augmentation(shift=5.5)}, "Shift must lie in 0…0.5"),
        ({"augmentation": Augmentation(rotate=1e9)}, "Rotate must lie in 0…180"),
        ({"augmentation": Augmentation(crop=-3)}, "Crop must lie in 0…1024, not -3"),
        ({"normalise": "zscore"}, "Normalise must be one of none, unit"),
        ({"normalise": "fixed"}, "Fixed normalisation needs figures of mean"),
        ({"normalise": "fixed", "mean": (0.0,), "deviation": (0.0,)}, "deviations above 0"),
        ({"options": {"size": 4}}, "Size must lie in 8…128, not 4"),
        ({"options": {"window": 16}}, "has no option called 'window'"),
        ({"source": "no-such-set"}, "no data source called 'no-such-set'"),
    ],
)
def test_data_settings_that_cannot_be_used_are_named_and_mended_by_one_click(
    settings: Mapping[str, Any], words: str
) -> None:
    project = replace(chain(PLAIN), data=DataSettings(**settings))
    problems_by_code = problems(project)
    assert words in problems_by_code[UNUSABLE].text
    assert "no-data" not in problems_by_code
    assert mended(project, UNUSABLE).data.source == "digits"


def test_only_the_option_that_cannot_be_used_is_set_back() -> None:
    project = replace(chain(PLAIN), data=DataSettings(options={"size": 4, "margin": 1}))
    assert mended(project, UNUSABLE).data.options == {"margin": 1}


def test_the_usual_and_the_farthest_data_settings_pass() -> None:
    for data in (
        DataSettings(),
        DataSettings(split=Split(0.9, 0.9), augmentation=Augmentation(True, 0.5, 180.0, 100)),
        DataSettings(normalise="fixed", mean=(0.1,), deviation=(0.3,)),
    ):
        assert check_project(replace(chain(PLAIN), data=data), CHECKER).ok


def looking_up(entries: int | Ref, *between: tuple[str, Mapping[str, Any]]) -> Project:
    layers = [
        *between,
        ("embedding", {"num_embeddings": entries, "embedding_dim": 4}),
        ("flatten", {}),
        ("linear", {"out_features": Ref("classes")}),
    ]
    return reading(layers, REVIEWS, role="class scores", epochs=1)


@pytest.mark.parametrize("between", [(), (("slice", {"stop": 3}),)])
def test_a_table_smaller_than_the_vocabulary_is_mended_by_one_click(between: Any) -> None:
    size = facts_of(REVIEWS).numbers["vocabulary"]
    assert "table-size" not in problems(looking_up(size, *between))
    small = looking_up(size - 1, *between)
    assert f"the vocabulary has {size}" in problems(small)["table-size"].text
    only(follow(mended(small, "table-size")), Finished)


def test_numbers_that_are_no_tokens_any_more_may_have_a_table_of_any_size() -> None:
    assert "table-size" not in problems(looking_up(2, ("one_hot", {"num_classes": 2})))


@pytest.mark.parametrize("task", ["reconstruction", "variational"])
def test_tokens_cannot_be_rebuilt_as_numbers(task: str) -> None:
    project = reading((*looking_up_layers(), SCORES), REVIEWS, role="reconstruction", task=task)
    project = replace(project, training=replace(project.training, loss="mse"))
    text = problems(project)["no-samples"].text
    assert TASKS[task].title in text
    assert "this data brings tokens" in text
    assert mended(project, "no-samples").data.source == "digits"


def looking_up_layers() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return (("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 4}),)


def test_data_of_one_class_has_nothing_to_tell_apart() -> None:
    facts = DataFacts(
        inputs={"samples": Signal((4,))},
        target=Signal((), "int64"),
        numbers={"features": 4, "classes": 1},
        class_names=("all",),
    )
    data = DataSettings("npz", {"path": "x.npz"}, facts=facts)
    project = replace(chain(PLAIN), data=data)
    assert "every sample of this data is of the same one" in problems(project)["one-class"].text
    assert mended(project, "one-class").training.task == "reconstruction"
    two = replace(facts, numbers={"features": 4, "classes": 2}, class_names=("a", "b"))
    assert "one-class" not in problems(replace(project, data=replace(data, facts=two)))


KEYS = [
    key
    for key, spec in {**TASKS, **LOSSES, **SOURCES}.items()
    if "-" in key and key not in spec.title.lower()
]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("source", ["digits", "reviews", "series", "shapes", "series-csv", "csv"])
def test_tasks_losses_and_data_are_called_by_their_titles(task: str, source: str) -> None:
    for loss in LOSSES:
        training = TrainingSettings(task=task, loss=loss)
        project = replace(chain(PLAIN), data=DataSettings(source), training=training)
        for problem in check_project(project, CHECKER).problems:
            text = " ".join(
                [problem.title, problem.text, *(repair.title for repair in problem.repairs)]
            )
            assert not [key for key in KEYS if key in text], text


@pytest.mark.parametrize(
    ("training", "words"),
    [
        (TrainingSettings(task="guessing"), "no task called 'guessing'; there are Classification"),
        (TrainingSettings(loss="luck"), "no loss called 'luck'; there are Cross-entropy, Binary"),
        (
            TrainingSettings(early_stopping=EarlyStopping(True, monitor="luck")),
            "Choose one of Validation loss",
        ),
    ],
)
def test_unknown_words_are_answered_with_titles(training: TrainingSettings, words: str) -> None:
    problem = problems(replace(chain(PLAIN), training=training))["bad-training-setting"]
    assert words in problem.text
    assert problem.repairs[0].title in {
        "Set Task back to Classification",
        "Set Loss back to Cross-entropy",
        "Watch the validation loss",
    }
