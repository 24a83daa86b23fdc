"""Problems of data settings, and of data that a task cannot use, before any data is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.commands.repairs import apply_repair
from dlstudio.design.model.data_settings import Augmentation, DataSettings, Split
from dlstudio.design.model.model import Graph, Node, Project
from dlstudio.design.model.problems import Problem
from dlstudio.design.model.signals import DatasetInfo, Signal
from dlstudio.design.model.training_settings import EarlyStopping, TrainingSettings
from dlstudio.design.model.values import Ref
from dlstudio.network.check.inference import Checker
from dlstudio.training.protocol.events import Finished
from dlstudio.training.readiness.check import check_project
from dlstudio.training.specs.registry import LOSSES, TASKS
from tests.training.token_designs import SCORES, token_design
from tests.training.training_designs import PLAIN_LAYERS, chain, run_training, single_event

CHECKER = Checker()
UNUSABLE = "bad-data-setting"
REVIEWS = DataSettings("reviews", {"samples": 100})


def problems(project: Project) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_project(project, CHECKER).problems}


def apply_first_fix(project: Project, code: str) -> Project:
    """Return the project after the problem's first fix, which must resolve it."""
    repaired = apply_repair(project, problems(project)[code].repairs[0])
    assert code not in problems(repaired)
    return repaired


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"split": Split(validation=2.0)}, "Validation must be between 0 and 1, not 2.0"),
        ({"split": Split(test=-1.0)}, "Test must be between 0 and 1, not -1.0"),
        ({"augmentation": Augmentation(shift=5.5)}, "Shift must be between 0 and 0.5"),
        ({"augmentation": Augmentation(rotate=1e9)}, "Rotate must be between 0 and 180"),
        ({"augmentation": Augmentation(crop=-3)}, "Crop must be between 0 and 1024, not -3"),
        ({"normalise": "zscore"}, "Normalise must be one of none, unit"),
        ({"normalise": "fixed"}, "Fixed normalisation needs values for the mean"),
        ({"normalise": "fixed", "mean": (0.0,), "deviation": (0.0,)}, "deviations above 0"),
        ({"options": {"size": 4}}, "Size must be between 8 and 128, not 4"),
        ({"options": {"window": 16}}, "has no option called 'window'"),
        ({"source": "no-such-set"}, "no data source called 'no-such-set'"),
    ],
)
def test_invalid_data_settings_are_named_and_fixed(
    settings: Mapping[str, Any], message: str
) -> None:
    project = replace(chain(PLAIN_LAYERS), data=DataSettings(**settings))
    problems_by_code = problems(project)
    assert message in problems_by_code[UNUSABLE].text
    assert "no-data" not in problems_by_code
    assert apply_first_fix(project, UNUSABLE).data.source == "digits"


def test_only_the_invalid_option_is_reset() -> None:
    project = replace(chain(PLAIN_LAYERS), data=DataSettings(options={"size": 4, "margin": 1}))
    assert apply_first_fix(project, UNUSABLE).data.options == {"margin": 1}


def test_default_and_extreme_data_settings_pass() -> None:
    for data in (
        DataSettings(),
        DataSettings(split=Split(0.9, 0.9), augmentation=Augmentation(True, 0.5, 180.0, 100)),
        DataSettings(normalise="fixed", mean=(0.1,), deviation=(0.3,)),
    ):
        assert check_project(replace(chain(PLAIN_LAYERS), data=data), CHECKER).ok


def embedding_design(entries: int | Ref, *between: tuple[str, Mapping[str, Any]]) -> Project:
    layers = [
        *between,
        ("embedding", {"num_embeddings": entries, "embedding_dim": 4}),
        ("flatten", {}),
        ("linear", {"out_features": Ref("classes")}),
    ]
    return token_design(layers, REVIEWS, role="class scores", epochs=1)


@pytest.mark.parametrize("between", [(), (("slice", {"stop": 3}),)])
def test_embedding_smaller_than_the_vocabulary_is_fixed(between: Any) -> None:
    size = info_of(REVIEWS).numbers["vocabulary"]
    assert "table-size" not in problems(embedding_design(size, *between))
    small = embedding_design(size - 1, *between)
    assert f"the vocabulary has {size}" in problems(small)["table-size"].text
    single_event(run_training(apply_first_fix(small, "table-size")), Finished)


def test_embedding_of_non_tokens_may_have_any_size() -> None:
    assert "table-size" not in problems(embedding_design(2, ("one_hot", {"num_classes": 2})))


@pytest.mark.parametrize("task", ["reconstruction", "variational"])
def test_tokens_cannot_be_reconstructed_as_numbers(task: str) -> None:
    project = token_design((*embedding_layers(), SCORES), REVIEWS, role="reconstruction", task=task)
    project = replace(project, training=replace(project.training, loss="mse"))
    text = problems(project)["no-samples"].text
    assert TASKS[task].title in text
    assert "this data provides tokens" in text
    assert apply_first_fix(project, "no-samples").data.source == "digits"


def embedding_layers() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    return (("embedding", {"num_embeddings": Ref("vocabulary"), "embedding_dim": 4}),)


def test_data_of_one_class_is_rejected() -> None:
    facts = DatasetInfo(
        inputs={"samples": Signal((4,))},
        target=Signal((), "int64"),
        numbers={"features": 4, "classes": 1},
        class_names=("all",),
    )
    data = DataSettings("npz", {"path": "x.npz"}, facts=facts)
    project = replace(chain(PLAIN_LAYERS), data=data)
    assert "all samples of this data have the same one" in problems(project)["one-class"].text
    assert apply_first_fix(project, "one-class").training.task == "reconstruction"
    two_classes = replace(facts, numbers={"features": 4, "classes": 2}, class_names=("a", "b"))
    assert "one-class" not in problems(replace(project, data=replace(data, facts=two_classes)))


KEYS = [
    key
    for key, spec in {**TASKS, **LOSSES, **SOURCES}.items()
    if "-" in key and key not in spec.title.lower()
]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("source", ["digits", "reviews", "series", "shapes", "series-csv", "csv"])
def test_problems_use_the_titles_of_tasks_losses_and_data(task: str, source: str) -> None:
    for loss in LOSSES:
        training = TrainingSettings(task=task, loss=loss)
        project = replace(chain(PLAIN_LAYERS), data=DataSettings(source), training=training)
        for problem in check_project(project, CHECKER).problems:
            text = " ".join(
                [problem.title, problem.text, *(repair.title for repair in problem.repairs)]
            )
            assert not [key for key in KEYS if key in text], text


@pytest.mark.parametrize(
    ("training", "message"),
    [
        (TrainingSettings(loss="luck"), "no loss called 'luck'; known ones: Cross-entropy, Binary"),
        (
            TrainingSettings(early_stopping=EarlyStopping(True, monitor="luck")),
            "Choose one of Validation loss",
        ),
    ],
)
def test_unknown_names_list_the_known_titles(training: TrainingSettings, message: str) -> None:
    problem = problems(replace(chain(PLAIN_LAYERS), training=training))["bad-training-setting"]
    assert message in problem.text
    assert problem.repairs[0].title in {
        "Reset Loss to Cross-entropy",
        "Monitor the validation loss",
    }


@pytest.mark.parametrize("task", TASKS)
def test_declared_data_of_a_task_provides_its_inputs_and_target(task: str) -> None:
    spec = TASKS[task]
    source = SOURCES[spec.source or DataSettings().source]
    facts = info_of(DataSettings(source.name))
    assert not source.needs_path
    assert source.offline
    assert set(spec.inputs) <= facts.inputs.keys()
    if spec.source:
        assert spec.target in ("", facts.target.meaning if facts.target else "")


@pytest.mark.parametrize(
    ("roles", "source"),
    [
        (("samples",), "digits"),
        (("tokens",), "text"),
        (("tokens", "target tokens"), "word-reversal"),
        (("samples", "time step"), "digits"),
    ],
)
def test_unknown_data_is_replaced_by_data_that_the_inputs_read(
    roles: tuple[str, ...], source: str
) -> None:
    nodes = {
        f"input_{role[:3]}": Node(f"input_{role[:3]}", "input", {"role": role}) for role in roles
    }
    project = Project(Graph(nodes), data=DataSettings("no-such-set"))
    repaired = apply_first_fix(project, UNUSABLE)
    assert repaired.data.source == source
