"""Digit classifiers that rate generated images; trained once by the studio and cached."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from dlstudio.data.core.normaliser import Normaliser
from dlstudio.data.load import load_data
from dlstudio.design.changes.fingerprint import fingerprint_run
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.model import Project
from dlstudio.insight.common.eval_mode import eval_mode
from dlstudio.network.compile.compile import compile_design
from dlstudio.network.weights.weights import load_weights
from dlstudio.training.loop.loop import train
from dlstudio.training.protocol.events import Failed, Finished, RunOptions
from dlstudio.training.tasks.core.objective import Objective, forward_by_role
from dlstudio.training.tasks.registry import create_objective

STORE = Path(__file__).resolve().parents[3] / ".benchmarks" / "readers"
_BATCH_SIZE = 500


@dataclass(frozen=True)
class ClassifierSpec:
    """An example that classifies the digits of a data source, and its minimum test accuracy."""

    example: str
    accuracy: float


CLASSIFIERS = {
    "mnist": ClassifierSpec("mnist-cnn", 0.988),
    "digits": ClassifierSpec("digits-cnn", 0.96),
}
"""By data source."""


@dataclass(frozen=True)
class DigitClassifier:
    """A trained classifier.

    Attributes:
        accuracy: Accuracy on the real test images.
    """

    objective: Objective
    normaliser: Normaliser
    accuracy: float = 0.0

    @torch.inference_mode()
    def __call__(self, images: Tensor) -> Tensor:
        """Return class probabilities `(N, K)` of raw images `(N, C, H, W)`."""
        component = self.objective.main
        with eval_mode(component.module):
            scores = [
                forward_by_role(component, {"samples": self.normaliser.apply("samples", batch)})
                for batch in images.split(_BATCH_SIZE)
            ]
        return torch.cat([output["class scores"] for output in scores]).softmax(1)


def load_classifier(source: str, store: Path = STORE) -> DigitClassifier:
    """Return the classifier of a data source's digits, training it if none is cached.

    Raises:
        RuntimeError: The training failed, or does not reach the required accuracy.
    """
    spec = CLASSIFIERS[source]
    project = load(example_path(spec.example))
    weights_file = store / f"{spec.example}-{fingerprint_run(project)[-16:]}.safetensors"
    if not weights_file.exists():
        _train(project, weights_file)
    classifier = _restore(project, weights_file)
    if classifier.accuracy < spec.accuracy:
        raise RuntimeError(
            f"{spec.example} classifies {classifier.accuracy:.2%} of the test images correctly; "
            f"{spec.accuracy:.2%} are required. Remove {weights_file} to train it again."
        )
    return classifier


def _restore(project: Project, weights: Path) -> DigitClassifier:
    data = load_data(project.data)
    compiled = compile_design(project, data.facts)
    if data.test is None or not load_weights(compiled.module, weights).is_complete:
        raise RuntimeError(f"{project.title}: no test subset, or {weights} does not fit")
    classifier = DigitClassifier(create_objective(project.training, compiled), data.normaliser)
    predicted = classifier(data.test.inputs["samples"]).argmax(1)
    return replace(classifier, accuracy=float((predicted == data.test.target).float().mean()))


def _train(project: Project, weights_file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        options = RunOptions(device="cpu", threads=1, run_dir=folder)
        for event in train(project, options):
            if isinstance(event, Failed):
                raise RuntimeError(f"{project.title}: {event.text}")
            if isinstance(event, Finished):
                weights_file.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(event.weights_file, weights_file)
