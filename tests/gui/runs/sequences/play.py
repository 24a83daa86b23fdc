"""Draws, plays and shrinks sequences."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from dlstudio.design.library.files import save
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project
from dlstudio.design.model.training_settings import Optimiser
from dlstudio.design.model.values import Ref
from tests.gui.runs.sequences.actions import ACTIONS, World
from tests.gui.runs.sequences.expectations import Expected, check
from tests.gui.runs.sequences.studio import Studio
from tests.training.training_designs import chain, with_optimiser

Step = tuple[str, int]
LAYERS = [
    ("linear", {"out_features": 3}),
    ("relu", {}),
    ("linear", {"out_features": Ref("classes")}),
]


def small_design() -> Project:
    """Return a network whose runs take a few hundredths of a second."""
    project = with_optimiser(chain(LAYERS, epochs=2, batch_size=16), Optimiser("adam", 0.01))
    return replace(project, data=DataSettings("moons", {"samples": 40}))


def draw(seed: int) -> list[Step]:
    """Return the steps of a sequence."""
    random = Random(seed)
    names, weights = list(ACTIONS), [weight for weight, _ in ACTIONS.values()]
    chosen = random.choices(names, weights, k=random.randint(4, 12))
    return [(name, random.randrange(84)) for name in chosen]


def play(steps: Sequence[Step]) -> str:
    """Play a sequence; return what was wrong after which step, or an empty text."""
    folder = Path(mkdtemp(prefix="sequence-"))
    path = folder / "here" / "one.dlstudio"
    path.parent.mkdir()
    save(small_design(), path)
    world = World(Studio(folder / "recovery"), Expected([small_design()]), folder)
    try:
        assert world.studio.files.open_path(path)
        world.studio.wait()
        world.expected.stored[path] = None
        for number, (name, argument) in enumerate(steps, start=1):
            try:
                ACTIONS[name][1](world, argument)
                check(world.studio, world.expected)
            except AssertionError as error:
                return f"step {number}, {name}: {error}"
    finally:
        world.studio.close()
        shutil.rmtree(folder, ignore_errors=True)
    return ""


def shrink(steps: Sequence[Step]) -> list[Step]:
    """Return a shorter sequence that fails, too."""
    kept = list(steps)
    index = 0
    while index < len(kept):
        shorter = kept[:index] + kept[index + 1 :]
        if play(shorter):
            kept = shorter
        else:
            index += 1
    return kept
