"""The examples that make points out of noise do make points like those of the data."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from training_designs import follow, only

from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.training.events import Finished

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from goals import Figures, Trained
from goals_generating import PROMISES
from points import near_data, on_ring


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
    found = trained("diffusion-moons", tmp_path)
    for sampler in ("ddim", "ddpm"):
        keeps_its_promise("diffusion-moons", near_data(found, sampler))
