"""The examples that make points out of noise do make points like those of the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.training.events import Finished
from tests.benchmarks.goals import Figures, Trained
from tests.benchmarks.goals_generating import PROMISES
from tests.benchmarks.points import near_data, on_ring
from tests.training.training_designs import follow, only


def trained(name: str, folder: Path) -> Trained:
    project = load(example_path(name))
    finished = only(follow(project, run_dir=str(folder)), Finished)
    return Trained(project, project.training.seed, Path(finished.weights_file))


def keeps_its_promise(name: str, figures: Figures) -> None:
    for goal in PROMISES[name].goals:
        assert goal.holds(goal.read(figures), goal.limit), goal.what
        assert not goal.holds(goal.beside["untrained"](figures), goal.limit), goal.what


@pytest.mark.slow
def test_the_generator_holds_all_eight_clouds(tmp_path: Path) -> None:
    keeps_its_promise("gan-ring", on_ring(trained("gan-ring", tmp_path)))


@pytest.mark.slow
def test_points_out_of_noise_lie_on_both_moons(tmp_path: Path) -> None:
    result = trained("diffusion-moons", tmp_path)
    for sampler in ("ddim", "ddpm"):
        keeps_its_promise("diffusion-moons", near_data(result, sampler))
