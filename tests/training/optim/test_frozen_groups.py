"""Which parameters two steps change, for random groups, compared with the rule itself."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from dlstudio.data.core.dataset import DataSet
from dlstudio.data.load import load_data
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Optimiser, ParameterGroup, Selector
from dlstudio.design.model.values import Ref
from dlstudio.training.loop.prepare import create_trainer
from dlstudio.training.protocol.errors import TrainingError
from dlstudio.training.protocol.events import RunOptions
from dlstudio.training.step.trainer import Trainer
from tests.training.training_designs import chain

DATA = chain([]).data


@pytest.fixture(scope="module")
def data() -> DataSet:
    return load_data(DATA)


def _draw(generator: random.Random) -> Project:
    layers: list[tuple[str, dict[str, object]]] = [("flatten", {})]
    for _ in range(generator.randint(1, 3)):
        width = {"out_features": generator.randint(3, 9), "frozen": generator.random() < 0.15}
        layers += [("linear", width), ("tanh", {})]
        if generator.random() < 0.6:
            layers.append(("batch_norm1d", {}))
    project = chain([*layers, ("linear", {"out_features": Ref("classes")})])
    weighted = [name for name in project.graph.nodes if name.startswith(("linear", "batch"))]
    selectable = [f"{name}{end}" for name in weighted for end in ("", ".weight", ".bias")]
    sizes = [generator.randint(1, 3) for _ in range(generator.randint(1, 3))]
    groups = [
        ParameterGroup(
            f"group {number}",
            Selector(paths=tuple(generator.sample(selectable, min(len(selectable), size)))),
            Optimiser(generator.choice(["sgd", "adam"]), 0.01),
            frozen=generator.random() < 0.6,
        )
        for number, size in enumerate(sizes)
    ]
    rest = ParameterGroup(
        "rest", optimiser=Optimiser("adam", 0.01), frozen=generator.random() < 0.2
    )
    return replace(project, training=replace(project.training, groups=(*groups, rest)))


def _is_frozen(project: Project, name: str) -> bool:
    layer = name.partition(".")[0]
    if project.graph.nodes[layer].settings.get("frozen"):
        return True
    groups = project.training.groups
    return next(
        group.frozen
        for group in groups
        if not group.selector.paths or {layer, name} & {*group.selector.paths}
    )


def _changed(trainer: Trainer) -> set[str]:
    before = {name: tensor.clone() for name, tensor in trainer.module.state_dict().items()}
    for _ in range(2):
        trainer.step()
    after = trainer.module.state_dict()
    return {name for name, tensor in before.items() if not tensor.equal(after[name])}


@pytest.mark.parametrize("seed", range(30))
def test_two_steps_change_what_the_groups_train(data: DataSet, seed: int) -> None:
    project = _draw(random.Random(seed))
    try:
        trainer = create_trainer(project, data, RunOptions(threads=1), 1)
    except TrainingError:
        names = [f"{layer}.{end}" for layer in project.graph.nodes for end in ("weight", "bias")
                 if layer.startswith(("linear", "batch"))]  # fmt: skip
        assert all(_is_frozen(project, name) for name in names), "only then nothing is trained"
        return
    changed = _changed(trainer)
    for name, _ in trainer.module.named_parameters():
        assert (name not in changed) == _is_frozen(project, name), name
        layer = name.rpartition(".")[0]
        if layer.startswith("batch") and name.endswith("weight"):
            whole = all(_is_frozen(project, f"{layer}.{end}") for end in ("weight", "bias"))
            assert (f"{layer}.running_mean" in changed) != whole, layer


def test_a_frozen_weight_leaves_bias_and_statistics_free(data: DataSet) -> None:
    project = chain([("flatten", {}), ("batch_norm1d", {}), ("linear", {"out_features": 10})])
    frozen = ParameterGroup("scale", Selector(paths=("batch_norm1d_1.weight",)), frozen=True)
    training = replace(project.training, groups=(frozen, ParameterGroup()))
    trainer = create_trainer(replace(project, training=training), data, RunOptions(threads=1), 1)
    changed = _changed(trainer)
    assert "batch_norm1d_1.weight" not in changed
    assert {"batch_norm1d_1.bias", "batch_norm1d_1.running_mean"} <= changed
