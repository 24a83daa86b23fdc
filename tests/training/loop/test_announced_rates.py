"""The rates that events announce are those with which the optimiser takes the step."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from dlstudio.design.model.training_settings import (
    Optimiser,
    ParameterGroup,
    Schedule,
    Selector,
)
from dlstudio.training.loop.loop import train
from dlstudio.training.optim.group_optimiser import GroupOptimiser
from dlstudio.training.protocol.events import EpochDone, RunOptions
from tests.training.training_designs import (
    PLAIN_LAYERS,
    all_rates,
    chain,
    change_command,
    events_of,
    scripted_control,
)

SCHEDULES = ("constant", "step", "cosine", "linear", "one-cycle", "plateau")


@pytest.mark.parametrize("seed", range(12))
def test_announced_rates_are_those_of_the_optimiser(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    generator = random.Random(seed)
    used: list[float] = []
    set_rate = GroupOptimiser.set_learning_rate

    def record(self: GroupOptimiser, rate: float) -> None:
        set_rate(self, rate)
        if self.index == 0:
            used.append(self.torch_optimiser.param_groups[0]["lr"])

    monkeypatch.setattr(GroupOptimiser, "set_learning_rate", record)
    groups = (
        ParameterGroup(
            "first",
            Selector(paths=("linear_1",)),
            Optimiser("sgd", generator.choice([0.1, 0.01])),
            factor=generator.choice([1.0, 0.1]),
            schedule=Schedule(SCHEDULES[seed % len(SCHEDULES)]),
        ),
        ParameterGroup("rest", schedule=Schedule(generator.choice(SCHEDULES))),
    )
    project = chain(PLAIN_LAYERS, epochs=generator.randint(1, 4), batch_size=256)
    project = replace(project, training=replace(project.training, groups=groups))
    change = change_command("learning_rate", learning_rate=0.02, group="first")
    control = scripted_control(*(["step"] * 3), change, "resume")
    events = list(train(project, RunOptions(threads=1), control))
    announced = all_rates(events)
    assert list(announced.values()) == used
    for event in events_of(events, EpochDone):
        assert event.learning_rate == announced[event.step]
