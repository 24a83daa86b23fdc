from __future__ import annotations

from pathlib import Path

import pytest

from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.training.protocol.events import Finished
from tests.benchmarks.examples.points import measure_coverage, measure_ring
from tests.benchmarks.examples.targets import Metrics, TrainedExample
from tests.benchmarks.examples.targets_generative import GENERATIVE_SPECS
from tests.training.training_designs import run_training, single_event


def train_example(name: str, folder: Path) -> TrainedExample:
    project = load(example_path(name))
    finished = single_event(run_training(project, run_dir=str(folder)), Finished)
    return TrainedExample(project, project.training.seed, Path(finished.weights_file))


def assert_targets_met(name: str, metrics: Metrics) -> None:
    for target in GENERATIVE_SPECS[name].targets:
        assert target.compare(target.read(metrics), target.limit), target.label
        untrained = target.context["untrained"](metrics)
        assert not target.compare(untrained, target.limit), target.label


@pytest.mark.slow
def test_generator_covers_all_eight_clusters(tmp_path: Path) -> None:
    assert_targets_met("gan-ring", measure_ring(train_example("gan-ring", tmp_path)))


@pytest.mark.slow
def test_samples_lie_on_both_moons(tmp_path: Path) -> None:
    result = train_example("diffusion-moons", tmp_path)
    for sampler in ("ddim", "ddpm"):
        assert_targets_met("diffusion-moons", measure_coverage(result, sampler))
